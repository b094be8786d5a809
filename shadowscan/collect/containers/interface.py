"""The port of a container: a log service's own envelope around the records of other logs.

A container is one module of this folder with a module-level `CONTAINER` object that serves this protocol. It is opened
before recognition, and what is inside is recognised as if it had come alone, so every format can arrive in each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.engines.duckdb import DuckDBEngine

# In the place of a record that cannot be had: no format reads it, so it is counted, and those after keep their numbers.
MARK = "?"


@dataclass(frozen=True, slots=True)
class Part:
    """One log inside: `name` tells it from others in the same object (empty where there is one), `options` say more.

    `path` holds one record a line: the k-th record of the object is line k, or of those of this part.
    """

    name: str
    path: Path
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The logs of one container, and the records that could not be had: how many, and the first in words."""

    parts: Sequence[Part]
    refused: int = 0
    first_refused: str = ""


class Container(Protocol):
    """One container. `id` is the module's name; `is_certain` that nothing else looks like it."""

    id: str
    title: str
    is_certain: bool

    def peek(self, head: Head) -> Head | None:
        """The head of what is inside; None where this is no such container. Total on hostile bytes."""
        ...

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """Lay every log inside as a plain text file in `folder`.

        Raises what reading a broken or unreadable file raises; the caller mends the object and tries again.
        """
        ...
