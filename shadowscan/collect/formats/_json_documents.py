"""JSON as tools save it: one document, pages one after another, or one a line; a broken one is refused alone."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import LocalObject
from shadowscan.errors import BadInputError, Location

_NEXT = re.compile(r"\n(?=[{\[])")
_PLAIN = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Document:
    """One document and its first line; `value` is an exception where it is not valid JSON."""

    line: int
    value: Any


def read_documents(item: LocalObject, decoder: json.JSONDecoder = _PLAIN) -> Iterator[Document]:
    """Every document, the elements of an outer array one by one. `decoder` says how numbers are read.

    After a broken document reading goes on at the next line that begins one. Raises `BadInputError` where nothing at
    all is valid.
    """
    text = read_object(item)
    at, line, seen, broken = _skip_blank(text, 0), 1, 0, None
    line += text.count("\n", 0, at)
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            broken = broken or _refuse(item, line, error)
            found = _NEXT.search(text, at)
            value, end = error, found.end() if found else len(text)
        else:
            seen += 1
        for part in value if isinstance(value, list) else [value]:
            yield Document(line, part)
        following = _skip_blank(text, end)
        line += text.count("\n", at, following)
        at = following
    if broken and not seen:
        raise broken


def read_records(item: LocalObject, *lists: str) -> Iterator[tuple[int, Any]]:
    """Every record, numbered: the entries of the first of these lists that a page has, else the page itself.

    A record is an exception where its document is not valid JSON.
    """
    number = 0
    for document in read_documents(item):
        page = document.value
        found = (
            next((page[name] for name in lists if isinstance(page.get(name), list)), None) if is_object(page) else None
        )
        for record in [page] if found is None else found:
            number += 1
            yield number, record


def is_object(value: Any) -> bool:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def _refuse(item: LocalObject, line: int, error: json.JSONDecodeError | RecursionError) -> BadInputError:
    if isinstance(error, RecursionError):
        return BadInputError("JSON nested too deep", location=Location(item.name, line))
    place = Location(item.name, error.lineno)
    return BadInputError(f"not valid JSON: {error.msg}", hint="save it again", location=place)


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,\ufeff":
        at += 1
    return at
