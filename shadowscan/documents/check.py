"""From a file's content to its model, or to every problem in it at once."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from shadowscan.documents.entry import Block, Entry, Text
from shadowscan.errors import ConfigError, Location

_KIND_WORDS = {
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "string_type": "must be text",
}
EntryType = TypeVar("EntryType", bound=Entry)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file."""

    place: Location
    message: str


def check(model: type[EntryType], data: Block, context: Mapping[str, Any] | None = None) -> EntryType:
    """The file as its model; raises `ConfigError` that names every problem with file, line and the nearest word."""
    refuse(problems_in(model, data, context))
    return model.model_validate(data, context=dict(context or {}))


def problems_in(model: type[Entry], data: Block, context: Mapping[str, Any] | None = None) -> list[Problem]:
    """Everything that keeps the file from being its model, with line and nearest word."""
    try:
        model.model_validate(data, context=dict(context or {}))
    except ValidationError as error:
        return [_problem(model, data, detail) for detail in error.errors(include_url=False)]
    return []


def refuse(problems: Iterable[Problem]) -> None:
    """Raise one `ConfigError` that lists all of them in file order; none is fine."""
    listed = sorted(set(problems), key=lambda problem: (problem.place.file, problem.place.line, problem.message))
    if not listed:
        return
    first, rest = listed[0], listed[1:]
    lines = [first.message, *(f"{problem.place}: {problem.message}" for problem in rest)]
    raise ConfigError("\n".join(lines), location=first.place)


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the closest valid word, or the few valid words, or nothing."""
    valid = sorted(words)
    found = difflib.get_close_matches(word.lower(), valid, n=1, cutoff=0.5)
    if found:
        return f"; did you mean {found[0]!r}?"
    return f"; valid are {', '.join(valid)}" if 0 < len(valid) <= 15 else ""


def _problem(model: type[Entry], data: Block, detail: Any) -> Problem:
    loc = tuple(detail["loc"])
    place = _place_of(data, loc)
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    if detail["type"] == "extra_forbidden":
        return Problem(place, f"unknown key {loc[-1]!r}{nearest(str(loc[-1]), _keys_of(model, loc[:-1]))}")
    if detail["type"] == "missing":
        return Problem(place, f"{where} is missing")
    return Problem(place, f"{where}: {_in_words(detail)}")


def _in_words(detail: Any) -> str:
    """What is wrong with a value, without the vocabulary of the checker."""
    kind, message = detail["type"], str(detail["msg"])
    if kind.startswith("date"):
        return f"must be a date such as 2027-01-31, not {str(detail['input'])!r}"
    if kind in _KIND_WORDS:
        return _KIND_WORDS[kind]
    return (
        message.removeprefix("Value error, ").replace("Input should be ", "must be ").replace("String should", "must")
    )


def _place_of(data: Any, loc: tuple[str | int, ...]) -> Location:
    """The deepest known place along `loc`: a key's own line, or its value's where that is a scalar."""
    place = data.place if isinstance(data, Block) else Location("")
    for part in loc:
        if isinstance(data, Block) and part in data:
            key = next(key for key in data if key == part)
            data, place = data[key], getattr(key, "place", place)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            break
        if isinstance(data, Text | Block) and not isinstance(part, str):
            place = data.place
    return data.place if isinstance(data, Text) else place


def _keys_of(model: type[Entry], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at `loc`, found by following the annotations."""
    annotation: Any = model
    for part in loc:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(part, str):
            annotation = _inner(annotation.model_fields[part].annotation)
        else:
            annotation = _inner(get_args(annotation)[-1 if isinstance(part, str) else 0])
    return list(annotation.model_fields)


def _inner(annotation: Any) -> Any:
    """The annotation without `| None` and without `Annotated`."""
    if isinstance(annotation, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
