"""Keys in bytes: gate, exact expressions with explicit boundaries, guards, attribution."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from shadowscan.model.vendor import KeyFormat
from shadowscan.secrets.allow import allow_comment
from shadowscan.secrets.bounds import LEFT, RIGHT
from shadowscan.secrets.context import BARE_FORMATS, BARE_KINDS, distance, word_pattern
from shadowscan.secrets.gate import BASE64, Gate, Signs, base64_expression, build_gate, shape_ends
from shadowscan.secrets.guards import is_quiet
from shadowscan.secrets.secret import Secret
from shadowscan.secrets.spans import exact_spans, places_of, spans_near

# Letters of a pattern before its first class, group or escape; the last one belongs to a quantifier if one follows.
_LITERAL = re.compile(r"(?:[A-Za-z0-9_/-]|\\\.)+(?![*+?{])")


@dataclass(frozen=True, slots=True)
class Found:
    """One key at one place. `line` from 1; `vendor_id` is `unknown` where nothing decides; no raw value in repr."""

    vendor_id: str
    format_id: str
    kind: str
    severity: str
    line: int
    secret: Secret
    allow_comment: str = ""


def fixed_start(pattern: str) -> str:
    """The literal that every key of the pattern begins with, such as `sk-proj-`; empty where there is none."""
    found = _LITERAL.match(pattern)
    return found.group().replace("\\", "") if found and not _has_choice(pattern) else ""


@lru_cache(maxsize=1024)
def exact_expression(pattern: str) -> re.Pattern[bytes]:
    """The pattern with its boundaries."""
    return re.compile(LEFT + rb"(?:" + pattern.encode() + rb")" + RIGHT)


def _has_choice(pattern: str) -> bool:
    """Whether the pattern as a whole is a choice, so that not all of it begins alike."""
    left = re.sub(r"\\.|\[[^\]]*\]", "", pattern)
    while (inner := re.sub(r"\([^()]*\)", "", left)) != left:
        left = inner
    return "|" in left


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: tuple[int, int, int]
    span: tuple[int, int]
    number: int


class _Text:
    """The bytes under search, with what several formats ask of them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._places: dict[bytes, list[int]] = {}

    @cached_property
    def lowered(self) -> bytes:
        return self.data.lower()

    def places(self, start: bytes) -> list[int]:
        """Where the start stands, out of the places of its first letters, which many starts share (`sk-`)."""
        letters = start[:3]
        if letters not in self._places:
            self._places[letters] = places_of(letters, self.data)
        return [place for place in self._places[letters] if self.data.startswith(start, place)]


class Matcher:
    """Every key format, compiled at the first bytes: a run without new content to look at does without.

    `native=False` does without hyperscan and finds the same. `forms` are other signs to tell of, name to expression;
    `base64` is always among them.
    """

    def __init__(
        self, formats: Sequence[tuple[str, KeyFormat]], forms: Mapping[str, bytes] | None = None, *, native: bool = True
    ) -> None:
        self._formats = (*formats, *BARE_FORMATS)
        self._forms = dict(forms or {})
        self._native = native

    @cached_property
    def signs(self) -> Gate:
        """What may be in some bytes, in one pass over them."""
        plain = [format for _, format in self._formats]
        return build_gate(plain, {BASE64: base64_expression(plain)} | self._forms, native=self._native)

    @cached_property
    def _starts(self) -> list[bytes]:
        return [fixed_start(format.pattern).encode() for _, format in self._formats]

    def find(self, data: bytes, signs: Signs | None = None) -> list[Found]:
        """Keys in order of place; one per span, the most specific format first. `signs` are those of the same bytes."""
        gated = sorted((signs or self.signs(data)).formats)
        text = _Text(data)
        candidates = [c for number in gated for c in self._candidates(number, text)]
        candidates = [c for c in candidates if not self._is_quiet(c, data)]
        taken: list[_Candidate] = []
        for candidate in sorted(candidates, key=lambda c: c.rank):
            if all(candidate.span[0] >= t.span[1] or candidate.span[1] <= t.span[0] for t in taken):
                taken.append(candidate)
        kept = sorted(taken, key=lambda c: c.span)
        return [self._found(candidate, data) for candidate in kept]

    def _is_quiet(self, candidate: _Candidate, data: bytes) -> bool:
        format = self._formats[candidate.number][1]
        return is_quiet(data[slice(*candidate.span)], format)

    def _spans(self, number: int, text: "_Text") -> Iterable[tuple[int, int]]:
        expression, start = self._exact(number), self._starts[number]
        context = self._formats[number][1].context
        if start:
            return exact_spans(expression, text.places(start), text.data)
        if context:
            ends = shape_ends(self._formats[number][1].pattern) if self._native else None
            return spans_near(expression, [word.lower().encode() for word in context], text.data, text.lowered, ends)
        return (hit.span() for hit in expression.finditer(text.data))

    def _exact(self, number: int) -> re.Pattern[bytes]:
        return exact_expression(self._formats[number][1].pattern)

    def _candidates(self, number: int, text: "_Text") -> list[_Candidate]:
        format = self._formats[number][1]
        words = word_pattern(format.context) if format.context else None
        found = []
        for matched in self._spans(number, text):
            span = self._without_comment_end(number, text.data, matched)
            gap = 0 if words is None else distance(words, text.data, span, format.context_lines)
            if gap is not None:
                tier = 2 if format.id in BARE_KINDS else int(words is not None)
                found.append(_Candidate((tier, gap, -len(format.anchor)), span, number))
        return found

    def _without_comment_end(self, number: int, data: bytes, span: tuple[int, int]) -> tuple[int, int]:
        """The span without the dashes of `-->`, where what is left is a key of the format still."""
        start, end = span
        if data[end - 2 : end + 1] == b"-->" and self._exact(number).fullmatch(data, start, end - 2):
            return start, end - 2
        return span

    def _found(self, candidate: _Candidate, data: bytes) -> Found:
        vendor_id, format = self._formats[candidate.number]
        start, end = candidate.span
        raw = data[start:end]
        line = data.count(b"\n", 0, start) + 1
        secret = Secret(raw, fixed_start(format.pattern) or format.anchor)
        severity = _severity(format, data)
        return Found(vendor_id, format.id, format.kind, severity, line, secret, allow_comment(data, start))


def _severity(format: KeyFormat, data: bytes) -> str:
    """The format's own, or another where the content holds a word that says what the key is for."""
    for severity, words in format.severity_near:
        if word_pattern(words).search(data):
            return severity
    return format.severity
