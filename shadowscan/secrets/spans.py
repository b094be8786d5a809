"""Where an exact expression has to be tried: what decides cheaply comes first, and the spans stay those of `finditer`.

Trying the boundaries at each byte of a large text costs some hundred times more than looking for a literal.
"""

import re
from collections.abc import Callable, Iterator, Sequence

# A context word counts within 2,000 bytes of a key (`context.window`); no key is longer than what is added here.
LONGEST = 2100
REACH = 2000 + LONGEST
Ends = Callable[[memoryview], Sequence[int]]
GAPS = (b"\n", b" ", b'"', b"'", b",")  # no key and no escape before one goes across such a byte


def places_of(start: bytes, data: bytes) -> list[int]:
    """Where the literal stands; many formats begin alike, so it is looked for once."""
    places, at = [], data.find(start)
    while at >= 0:
        places.append(at)
        at = data.find(start, at + 1)
    return places


def exact_spans(expression: re.Pattern[bytes], places: Sequence[int], data: bytes) -> Iterator[tuple[int, int]]:
    """Spans that `expression.finditer` gives, where every match begins at one of the places."""
    end = 0
    for place in places:
        hit = expression.match(data, place) if place >= end else None
        if hit:
            end = hit.end()
            yield hit.span()


def spans_near(
    expression: re.Pattern[bytes], words: Sequence[bytes], data: bytes, lowered: bytes, ends: Ends | None = None
) -> Iterator[tuple[int, int]]:
    """Spans of `finditer` that lie near enough to one of the lower-case words to count, and some that do not.

    `ends` says where the shape of a key ends with its boundary, if there is a fast way to know.
    """
    for first, last in _regions(words, data, lowered):
        for begin, end in [(first, last)] if ends is None else _runs(data, first, last, ends):
            yield from (
                hit.span() for hit in expression.finditer(data, begin, end) if hit.end() < end or end == len(data)
            )


def _runs(data: bytes, first: int, last: int, ends: Ends) -> Iterator[tuple[int, int]]:
    """Disjoint stretches, each from behind a gap to the end of a shape: where two shapes share a run, one stretch."""
    begin = end = -1
    for stop in sorted(first + offset for offset in ends(memoryview(data)[first:last])):
        least = max(first, stop - 1 - LONGEST)
        opened = max(max(data.rfind(gap, least, stop - 1) for gap in GAPS) + 1, least)
        if opened >= end:
            if end >= 0:
                yield begin, end
            begin = opened
        end = stop
    if end >= 0:
        yield begin, end


def _regions(words: Sequence[bytes], data: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Disjoint stretches around the words, from one byte that is in no key to another, in order."""
    first = last = -1
    for at in _places(words, lowered):
        begin, end = _open(data, at - REACH), _close(data, at + REACH)
        if begin > last:
            if last >= 0:
                yield first, last
            first = begin
        last = max(last, end)
    if last >= 0:
        yield first, last


def _places(words: Sequence[bytes], lowered: bytes) -> list[int]:
    """Where the words stand; of many within one reach only the outermost matter, so a far jump is enough."""
    places = set()
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            places.add(at)
            following = lowered.rfind(word, at + 1, at + REACH)
            at = following if following >= 0 else lowered.find(word, at + 1)
    return sorted(places)


def _open(data: bytes, at: int) -> int:
    """An offset shortly before `at` that follows a gap; `at` itself within an unbroken run."""
    found = max((data.rfind(gap, max(at - LONGEST, 0), max(at, 0)) for gap in GAPS), default=-1)
    return found + 1 if found >= 0 else max(at, 0)


def _close(data: bytes, at: int) -> int:
    """An offset shortly after `at` that a gap stands before; as far as that may be within an unbroken run."""
    far = min(at + LONGEST, len(data))
    found = [place for gap in GAPS if (place := data.find(gap, at, far)) >= 0]
    return min(found) + 1 if found else far
