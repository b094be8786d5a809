"""YAML as people write it: one mapping, no odd tags, no duplicate keys, bounded whatever its aliases do.

Read from the C parser's events one by one, so that no depth of brackets can exhaust its stack, and a plain scalar is
text as written, whatever YAML 1.1 would make of `no` or `012`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from shadowscan.documents.check import Problem, refuse
from shadowscan.documents.entry import Block, Text
from shadowscan.documents.text import Find, as_it_stands, read_text
from shadowscan.errors import ConfigError, Location

MAXIMUM_DEPTH = 20
MAXIMUM_NODES = 200_000  # aliases may repeat a node: counted as often as it is used
_CORE_TAG = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(_CORE_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq"))
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, find: Find = as_it_stands) -> Block:
    """The one mapping of a YAML file. Raises `ConfigError` naming every duplicate key, odd tag or syntax error."""
    text = read_text(path, find)
    try:
        walk = _Walk(str(path), yaml.parse(text, Loader=_LOADER))
        data = walk.document()
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 0
        raise ConfigError(f"not valid YAML: {_in_words(error, text)}", location=Location(str(path), line)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"not valid YAML: {error}", location=Location(str(path))) from error
    if not isinstance(data, Block):
        walk.problems.append(Problem(Location(str(path), 1), "the file must be a mapping of keys to values"))
    refuse(walk.problems)
    return data if isinstance(data, Block) else Block({}, Location(str(path), 1))


class _Walk:
    """From parse events to places and text; collects what is wrong instead of stopping at the first."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._events = events
        self._anchored: dict[str, tuple[Any, int]] = {}
        self._count = 0

    def document(self) -> Any:
        """The value of the only document; an empty mapping where there is none."""
        found: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                found.append(self._value(next(self._events), 0))
        if len(found) > 1:
            raise yaml.YAMLError("it holds more than one document")
        return found[0] if found else Block({}, Location(self.file, 1))

    def _value(self, event: Any, depth: int) -> Any:
        before, place = self._count, self._place(event)
        if isinstance(event, yaml.AliasEvent):
            value, size = self._repeated(event, place)
        else:
            value, size = None, 1
        self._count += size
        if depth > MAXIMUM_DEPTH or self._count > MAXIMUM_NODES:
            raise ConfigError("nested too deep or too large", hint="write aliases out", location=place)
        if not isinstance(event, yaml.AliasEvent):
            value = self._written(event, place, depth)
            self._anchored[event.anchor] = (value, self._count - before)
        return value

    def _repeated(self, event: Any, place: Location) -> tuple[Any, int]:
        """What an alias stands for, and of how many nodes that is."""
        if event.anchor not in self._anchored:
            self.problems.append(Problem(place, f"alias {event.anchor!r} stands before what it repeats"))
        return self._anchored.get(event.anchor, (None, 1))

    def _written(self, event: Any, place: Location, depth: int) -> Any:
        if event.tag not in _KNOWN_TAGS | {None}:
            self.problems.append(Problem(place, f"tag {event.tag!r} is not allowed"))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
        return None if _is_nothing(event) else Text(event.value, place)

    def _mapping(self, place: Location, depth: int) -> Block:
        values: dict[str, Any] = {}
        for event in self._until(yaml.MappingEndEvent):
            key_place = self._place(event)
            key = self._value(event, depth + 1)
            value = self._value(next(self._events), depth + 1)
            if not isinstance(event, yaml.ScalarEvent) or (event.value == "<<" and event.implicit[0]):
                self.problems.append(Problem(key_place, "keys must be plain words; merge keys are not supported"))
                continue
            key = Text(event.value, key_place)
            if key in values:
                self.problems.append(Problem(key_place, f"duplicate key {str(key)!r}"))
            values[key] = value
        return Block(values, place)

    def _until(self, end: type[yaml.Event]) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _place(self, event: Any) -> Location:
        return Location(self.file, event.start_mark.line + 1)


def _in_words(error: yaml.MarkedYAMLError, text: str) -> str:
    """What the parser objects to, with the character it does not show."""
    problem, mark = str(error.problem), error.problem_mark
    if mark and "character that cannot start" in problem:
        return problem.replace("character", f"character {text[mark.index : mark.index + 1]!r}", 1)
    return "nested too deep" if "nesting depth" in problem else problem


def _is_nothing(event: Any) -> bool:
    """A plain scalar that says null, or one tagged as such."""
    is_plain = event.tag is None and event.implicit[0]
    return event.tag == _CORE_TAG + "null" or (is_plain and event.value in _NULLS)
