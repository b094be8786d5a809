"""TOML with the lines its keys stand at."""

import re
import tomllib
from pathlib import Path
from typing import Any

from shadowscan.documents.entry import Block, Text
from shadowscan.documents.text import Find, as_it_stands, read_text
from shadowscan.errors import ConfigError, Location

_TOML_HEADER = re.compile(r"^\s*\[\[?\s*(?P<name>[^\]]+?)\s*\]\]?")
_TOML_KEY = re.compile(r"^\s*(?P<name>[\w\"'.-]+)\s*=")


def read_toml(path: Path, find: Find = as_it_stands) -> Block:
    """A TOML file as a mapping with places. Raises `ConfigError` with the line of a syntax error."""
    text = read_text(path, find)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise ConfigError(f"not valid TOML: {error}", location=Location(str(path), line)) from error
    except RecursionError as error:
        raise ConfigError("nested too deep", location=Location(str(path))) from error
    place = _TomlPlaces(str(path), text)
    return Block({key: place.value(value, (key,)) for key, value in data.items()}, Location(str(path), 1))


class _TomlPlaces:
    """Lines of keys in a TOML text: the standard parser gives values only."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines: dict[tuple[str | int, ...], int] = {}
        header: tuple[str | int, ...] = ()
        counts: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _TOML_HEADER.match(line):
                name = found["name"]
                header = tuple(part.strip(" \"'") for part in name.split("."))
                if line.lstrip().startswith("[["):
                    header = (*header, counts.setdefault(name, 0))
                    counts[name] += 1
                self.lines.setdefault(header, number)
            elif found := _TOML_KEY.match(line):
                self.lines.setdefault((*header, *(part.strip("\"'") for part in found["name"].split("."))), number)

    def value(self, value: Any, path: tuple[str | int, ...]) -> Any:
        place = Location(self.file, self._line(path))
        if isinstance(value, dict):
            return Block(
                {Text(key, self._at((*path, key))): self.value(v, (*path, key)) for key, v in value.items()}, place
            )
        if isinstance(value, list):
            return [self.value(item, (*path, number)) for number, item in enumerate(value)]
        return Text(str(value), place)

    def _at(self, path: tuple[str | int, ...]) -> Location:
        return Location(self.file, self._line(path))

    def _line(self, path: tuple[str | int, ...]) -> int:
        known = (self.lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self.lines)
        return next(known, 1)
