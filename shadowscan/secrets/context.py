"""Whose key it is where the shape alone does not say: the nearest vendor word within a few lines."""

import re
from collections.abc import Iterable
from functools import lru_cache

from shadowscan.model.vendor import KeyFormat

LINE_COST = 10_000
UNKNOWN = "unknown"

# Several vendors and resale gateways issue these; keys.md, attribution rule. Never "OpenAI" by shape alone.
BARE_FORMATS = (
    (UNKNOWN, KeyFormat("bare-sk-48", "sk-", r"sk-[A-Za-z0-9]{48}", "bare_sk_48", (), 3.0, "medium")),
    (UNKNOWN, KeyFormat("bare-sk-32", "sk-", r"sk-[a-z0-9]{32}", "bare_sk_32", (), 3.0, "medium")),
)
BARE_KINDS = frozenset(format.id for _, format in BARE_FORMATS)

# An escape's letter (`\\nMISTRAL_KEY`) is no part of the word, and a hump of camel case ends it (`mistralKey`).
_WORD_START = rb"(?:(?<![A-Za-z])|(?<=\\[nrtbf]))"
_WORD_END = rb"(?:(?![A-Za-z])|(?<=[a-z])(?=[A-Z]))"


@lru_cache(maxsize=1024)
def word_pattern(words: tuple[str, ...]) -> re.Pattern[bytes]:
    """Any of the words, as a part of a name too (`MISTRAL_API_KEY`, `mistralKey`), but not inside another word."""
    either = b"|".join(re.escape(word.encode()) for word in sorted(words, key=len, reverse=True))
    return re.compile(_WORD_START + rb"(?i:" + either + rb")" + _WORD_END)


def word_read(word: str) -> bytes:
    """The same of one word as an expression that reads its bounds, for the gate, which cannot look around."""
    start, last = re.escape(word[:-1]).encode(), re.escape(word[-1].lower()).encode()
    return rb"(?:^|[^A-Za-z]|\\[nrtbf])(?i:" + start + rb")(?:(?i:" + last + rb")(?:[^A-Za-z]|$)|" + last + rb"[A-Z])"


def window(data: bytes, start: int, end: int, lines: int) -> tuple[int, int]:
    """Offsets of so many lines before to so many after the span; long lines are cut at 2,000 bytes."""
    first, last = start, end
    for _ in range(lines + 1):
        first = max(data.rfind(b"\n", 0, first), 0)
        following = data.find(b"\n", last)
        last = len(data) if following < 0 else min(following + 1, len(data))
    return max(first, start - 2000), min(last, end + 2000)


def distance(pattern: re.Pattern[bytes], data: bytes, span: tuple[int, int], lines: int) -> int | None:
    """Bytes to the nearest context word around the span, or None where none is near."""
    first, last = window(data, *span, lines)
    gaps = [_gap(data, found.span(), span) for found in _outside(pattern.finditer(data, first, last), span)]
    return min(gaps, default=None)


def _outside(found: Iterable[re.Match[bytes]], span: tuple[int, int]) -> Iterable[re.Match[bytes]]:
    return (f for f in found if f.end() <= span[0] or f.start() >= span[1])


def _gap(data: bytes, word: tuple[int, int], span: tuple[int, int]) -> int:
    """Bytes between; a word on another line is farther than any on the same one, and one after farther than before."""
    first, last = (word[1], span[0]) if word[1] <= span[0] else (span[1], word[0])
    lines = data.count(b"\n", first, last)
    return last - first + lines * LINE_COST + (word[0] > span[0])
