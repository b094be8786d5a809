"""What an ecosystem says of itself: which files declare or lock packages, and how to read each.

An ecosystem is a module with an `ECOSYSTEM`; adding one edits nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class Declared:
    """One package by its name in the registry, at a line from 1. A locked one may be there for another's sake."""

    name: str
    line: int
    is_locked: bool = False


Reader = Callable[[str], Iterator[Declared]]


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """`id` is the catalogue's word for the registry; `files` are patterns of file names in lower case, first hit wins.

    Readers are total on any text: one that does not parse declares nothing.
    """

    id: str
    files: tuple[tuple[str, Reader], ...]

    def reader_of(self, name: str) -> Reader | None:
        """How to read a file of that name, in lower case; None where it is not this ecosystem's."""
        return next((reader for pattern, reader in self.files if fnmatchcase(name, pattern)), None)


def by_line(pattern: str, *, is_locked: bool = False) -> Reader:
    """A reader of files with one package a line: the pattern's first group is its name."""
    compiled = re.compile(pattern)

    def read(text: str) -> Iterator[Declared]:
        for number, line in enumerate(text.splitlines(), 1):
            found = compiled.search(line) if len(line) < 2_000 else None
            if found:
                yield Declared(next(group for group in found.groups() if group), number, is_locked)

    return read


def located(names: Iterable[str], text: str) -> Iterator[Declared]:
    """Names that a parser found, each with the first line that holds it as a word of its own."""
    for name in names:
        found = re.search(rf"(?<![\w@/.-]){re.escape(name)}(?![\w/-])", text)
        yield Declared(name, text.count("\n", 0, found.start()) + 1 if found else 1)


def tables_below(document: Any, *keys: str) -> Iterator[dict[str, Any]]:
    """Every table (object) that lies under one of the keys, at any depth to 6."""
    levels = [document]
    for _ in range(6):
        below = []
        for table in levels:
            for key, value in table.items() if isinstance(table, dict) else ():
                if key in keys and isinstance(value, dict):
                    yield value
                below.append(value)
        levels = below
