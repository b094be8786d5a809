"""Keys for tests, made at run time from the catalogue's own shapes: no literal key stands in the tree."""

import random
import re
import string
from collections.abc import Callable
from functools import cache
from typing import Any

from shadowscan.catalog import load_catalog
from shadowscan.model.vendor import KeyFormat
from shadowscan.secrets.guards import is_placeholder, meets_format
from shadowscan.secrets.match import Matcher

_PARSE: Callable[[str], Any] = re._parser.parse  # type: ignore[attr-defined]
_EXTRA = 12  # how far beyond the shortest length an open range goes


@cache
def formats() -> tuple[tuple[str, KeyFormat], ...]:
    """(vendor id, format) of every key format in the catalogue."""
    return tuple((vendor.id, format) for vendor, format in load_catalog().key_formats())


@cache
def matcher(*, native: bool = True) -> Matcher:
    """The matcher of the whole catalogue, compiled once for the tests."""
    return Matcher(formats(), native=native)


def make_key(format_id: str, seed: int = 0) -> str:
    """A key of this format: the same for the same seed, random enough that no guard takes it for a stand-in."""
    format = next(f for _, f in formats() if f.id == format_id)
    source = random.Random(f"{format_id}/{seed}")  # noqa: S311 - a shape, not a secret
    while True:
        key = _build(_PARSE(format.pattern), source)
        body = key.removeprefix(format.anchor).encode()
        if re.fullmatch(format.pattern, key) and meets_format(body, format) and not is_placeholder(body):
            return key


def make_text(alphabet: str, length: int, seed: int = 0) -> str:
    """Random characters, for shapes that no catalogue lists."""
    source = random.Random(f"{alphabet}/{length}/{seed}")  # noqa: S311 - a shape, not a secret
    return "".join(source.choice(alphabet) for _ in range(length))


def bare_key(length: int = 48, seed: int = 0) -> str:
    """`sk-` and so many characters: several vendors issue it, so its shape names none."""
    alphabet = string.ascii_letters + string.digits if length == 48 else string.ascii_lowercase + string.digits
    return "sk-" + make_text(alphabet, length, seed)


def _build(parts: Any, source: random.Random) -> str:
    return "".join(_part(str(kind), value, source) for kind, value in parts)


def _part(kind: str, value: Any, source: random.Random) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "IN":
        return source.choice(_alphabet(value))
    if kind == "MAX_REPEAT":
        low, high, inner = value
        low = max(low, 24) if int(high) > 1000 else low
        return "".join(_build(inner, source) for _ in range(source.randint(low, min(int(high), low + _EXTRA))))
    if kind == "SUBPATTERN":
        return _build(value[-1], source)
    if kind == "BRANCH":
        return _build(source.choice(value[1]), source)
    assert kind == "ASSERT_NOT", kind
    return ""


def _alphabet(items: Any) -> str:
    found = ""
    for kind, value in items:
        if str(kind) == "RANGE":
            found += "".join(map(chr, range(value[0], value[1] + 1)))
        elif str(kind) == "CATEGORY":
            found += string.digits if "DIGIT" in str(value) else string.ascii_letters + string.digits + "_"
        else:
            found += chr(value)
    return found
