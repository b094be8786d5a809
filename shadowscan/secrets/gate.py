"""The fast gate: one pass over bytes that says what may occur in them at all. It may say too much, never too little.

A format with an anchor is gated by its own pattern without boundaries; one without, by the words of its context, and
only then by its shape. Other forms that a key may hide in (base64, percent-encoding) are signs in the same pass. The
exact expressions decide. Hyperscan does it where it is installed; `quiet_lines.py` finds the same without it.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shadowscan.model.vendor import KeyFormat
from shadowscan.secrets.bounds import LEFT_READ, RIGHT_READ
from shadowscan.secrets.context import word_read
from shadowscan.secrets.quiet_lines import line_gate
from shadowscan.secrets.spans import REACH, Ends

BASE64, BASE64_LITERAL_MIN = "base64", 5
# Where keys with short anchors or none are looked for too: what says that it holds base64, and what is given a name
# that secrets go by.
BASE64_WORDS = (
    *(b"kind: Secret", b'"kind": "Secret"', b'"kind":"Secret"'),
    *(b"b64decode", b"base64 -d", b"base64 --decode", b"base64decode", b"atob(", b"FromBase64String"),
)
BASE64_ASSIGNED = (
    rb"(?i:key|token|secret|password|passwd|credential)[A-Za-z0-9_.-]{0,40}[\"']?[ \t]{0,8}[:=]>?[ \t]{0,8}[\"']?"
    rb"[A-Za-z0-9+/]{24}"
)
_AHEAD = re.compile(r"\(\?![^()]*\)")
_REPEAT = re.compile(r"(?<!\\)\{(\d+)(,\d*)?\}")
COUNTED = 24
WORD_REACH = REACH + 100  # from the end of a word, so with the word itself
_OVER_LINES = re.compile(r"\\[sWDn]|\[\^")  # what may match a line's end


@dataclass(frozen=True, slots=True)
class Signs:
    """What may be in some bytes: formats by index, and the names of other forms that are worth decoding."""

    formats: frozenset[int] = frozenset()
    forms: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.formats or self.forms)


NO_SIGNS = Signs()
Gate = Callable[[bytes | memoryview], Signs]


@dataclass(frozen=True, slots=True)
class _Sign:
    """One expression, and what its hit may mean: a format, a format if its shape is there as well, or a form."""

    expression: bytes
    meaning: int | str
    is_word: bool = False


def build_gate(formats: Sequence[KeyFormat], forms: Mapping[str, bytes], *, native: bool = True) -> Gate:
    """Gate over formats by index and over `forms` (name to expression); `native=False` forces the standard library."""
    signs = _signs(formats, forms)
    return (_hyperscan_gate(signs, formats) if native else None) or _stdlib_gate(signs, formats)


def base64_expression(formats: Sequence[KeyFormat]) -> bytes:
    """What the anchors look like inside base64 at each of the three alignments; too short ones are left out."""
    anchors = {f.anchor.encode() for f in formats if not gate_words(f)}
    found = {fragment for anchor in anchors for fragment in _alignments(anchor)}
    literals = [_escape(literal) for literal in (*sorted(found), *BASE64_WORDS)]
    return b"|".join((*literals, BASE64_ASSIGNED))


def gate_words(format: KeyFormat) -> tuple[str, ...]:
    """Words to look for where the key itself has no anchor: its context; empty where the anchor is in the key."""
    is_in_key = bool(format.anchor) and any(a in format.pattern for a in (format.anchor, re.escape(format.anchor)))
    is_telling = is_in_key and len(format.anchor) > 1
    return () if is_telling or not format.context else format.context


def _signs(formats: Sequence[KeyFormat], forms: Mapping[str, bytes]) -> list[_Sign]:
    """Of each format its pattern, or its context words; then the forms."""
    found = [_Sign(_shape(f), n) for n, f in enumerate(formats) if not gate_words(f)]
    for number, format in enumerate(formats):
        for word in gate_words(format):
            found.append(_Sign(word_read(word), number, is_word=True))
    return found + [_Sign(expression, name) for name, expression in forms.items()]


def _alignments(anchor: bytes) -> list[bytes]:
    fragments = []
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + anchor)
        whole = (shift + len(anchor)) * 8 // 6  # characters that no following byte changes
        fragments.append(encoded[(0, 2, 3)[shift] : whole])
    return [f for f in fragments if len(f) >= BASE64_LITERAL_MIN]


def _hyperscan_gate(signs: Sequence[_Sign], formats: Sequence[KeyFormat]) -> Gate | None:
    # Of a word every place is asked for, of the rest only whether it is there.
    database = _compile([sign.expression for sign in signs], [not sign.is_word for sign in signs])
    if database is None:
        return None
    hits: list[tuple[int, int]] = []

    def collect(number: int, start: int, stop: int, *rest: object) -> None:
        hits.append((number, stop))

    def scan(data: bytes | memoryview) -> Signs:
        database.scan(data, match_event_handler=collect)
        if not hits:
            return NO_SIGNS
        found, stops = [signs[number] for number, _ in hits], [stop for _, stop in hits]
        hits.clear()
        return _as_signs(found, lambda n: _has_shape_near(formats[n].pattern, _stops_of(n, found, stops), data))

    return scan


def _stdlib_gate(signs: Sequence[_Sign], formats: Sequence[KeyFormat]) -> Gate:
    """Each expression on the texts that have a line which is told by any of them."""
    compiled = [(sign, re.compile(sign.expression)) for sign in signs]
    any_of_them = re.compile(b"|".join(sign.expression for sign in signs), re.IGNORECASE)
    is_by_line = not any(_OVER_LINES.search(format.pattern) for format in formats)
    is_told = line_gate(any_of_them) if is_by_line else lambda text: bool(any_of_them.search(text))

    def scan(data: bytes | memoryview) -> Signs:
        text = bytes(data)
        if not is_told(text):
            return NO_SIGNS
        return _as_signs([sign for sign, expression in compiled if expression.search(text)], lambda n: True)

    return scan


def _as_signs(told: Sequence[_Sign], has_shape: Callable[[int], bool]) -> Signs:
    """Shapes are looked for only where a word is there."""
    worded = {int(sign.meaning) for sign in told if sign.is_word}
    formats = {s.meaning for s in told if isinstance(s.meaning, int) and not s.is_word}
    forms = frozenset(s.meaning for s in told if isinstance(s.meaning, str))
    return Signs(frozenset(formats | {number for number in worded if has_shape(number)}), forms)


def _stops_of(number: int, told: Sequence[_Sign], stops: Sequence[int]) -> list[int]:
    return [stop for sign, stop in zip(told, stops, strict=True) if sign.is_word and sign.meaning == number]


def _has_shape_near(pattern: str, stops: Sequence[int], data: bytes | memoryview) -> bool:
    """Whether the pattern stands between its boundaries near one of the words, which end at `stops`; said of any bytes
    where hyperscan refuses it. A lockfile names a vendor once and has shapes by the thousand.
    """
    ends = shape_ends(pattern)
    return ends is None or any(ends(memoryview(data)[begin:end]) for begin, end in _stretches(stops))


def _stretches(stops: Sequence[int]) -> Iterator[tuple[int, int]]:
    """What lies within reach of the words, without overlap."""
    ordered = sorted(stops)
    begin, end = max(ordered[0] - WORD_REACH, 0), ordered[0] + WORD_REACH
    for stop in ordered[1:]:
        if stop - WORD_REACH > end:
            yield begin, end
            begin = stop - WORD_REACH
        end = stop + WORD_REACH
    yield begin, end


@lru_cache(maxsize=256)
def shape_ends(pattern: str) -> Ends | None:
    """Where the pattern ends, with the boundary behind it, in any bytes; None where hyperscan cannot say."""
    database = _compile([LEFT_READ + b"(?:" + pattern.encode() + b")" + RIGHT_READ], [False])

    def ends(data: memoryview) -> list[int]:
        stops: set[int] = set()
        database.scan(data, match_event_handler=lambda number, start, stop, *rest: stops.add(stop))
        return sorted(stops)

    return None if database is None else ends


def _shape(format: KeyFormat) -> bytes:
    """The pattern as a gate that compiles fast: no look-ahead, which only takes away, and no repetition counted far."""
    return _REPEAT.sub(_shorten, _AHEAD.sub("", format.pattern)).encode()


def _shorten(found: re.Match[str]) -> str:
    least = min(int(found[1]), COUNTED)
    return f"{{{least},}}" if least and (found[2] or int(found[1]) > COUNTED) else found[0]


def _compile(expressions: list[bytes], is_once: list[bool]) -> Any:
    """A hyperscan database, or None where hyperscan is missing or refuses an expression; `is_once` says a hit once."""
    try:
        import hyperscan
    except ImportError:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    count = len(expressions)
    flags = [hyperscan.HS_FLAG_SINGLEMATCH if once else 0 for once in is_once]
    try:
        database.compile(expressions=expressions, ids=list(range(count)), elements=count, flags=flags)
    except hyperscan.error:
        return None
    return database


def _escape(literal: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in literal)
