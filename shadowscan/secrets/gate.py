"""The fast gate: which formats can occur in these bytes at all. It may say too much, never too little.

Each format is gated by its own pattern without boundaries, or by its literals; the exact expressions decide.
Hyperscan is used where it is installed; the fallback gives the same keys, more slowly.
"""

import base64
import re
from collections.abc import Callable, Sequence
from typing import Any

from shadowscan.model.vendor import KeyFormat

Gate = Callable[[bytes], frozenset[int]]
BASE64_LITERAL_MIN = 6
# A Kubernetes Secret is base64 throughout, so its keys with short anchors are looked at too.
KUBERNETES_SECRET = (b"kind: Secret", b'"kind": "Secret"', b'"kind":"Secret"')


def build_gate(formats: Sequence[KeyFormat], *, native: bool = True) -> Gate:
    """Gate over formats by index; `native=False` forces the standard library."""
    found = _hyperscan_gate(formats) if native else None
    return found or _stdlib_gate(formats)


def base64_literals(formats: Sequence[KeyFormat]) -> tuple[bytes, ...]:
    """What the anchors look like inside base64 at each of the three alignments; too short ones are left out."""
    anchors = {f.anchor.encode() for f in formats if not gate_words(f)}
    found = {fragment for anchor in anchors for fragment in _alignments(anchor)}
    return (*sorted(found), *KUBERNETES_SECRET)


def gate_words(format: KeyFormat) -> tuple[str, ...]:
    """Words to look for where the key itself has no anchor: its context; empty where the anchor is in the key."""
    is_in_key = bool(format.anchor) and any(a in format.pattern for a in (format.anchor, re.escape(format.anchor)))
    is_telling = is_in_key and len(format.anchor) > 1
    return () if is_telling or not format.context else format.context


def build_literal_gate(literals: Sequence[bytes], *, native: bool = True) -> Callable[[bytes], bool]:
    """Whether any of the literals occurs."""
    database = _compile([_escape(literal) for literal in literals], [0] * len(literals)) if native else None
    if database is None:
        return lambda data: any(literal in data for literal in literals)
    return lambda data: bool(_scan(database, data))


def _alignments(anchor: bytes) -> list[bytes]:
    fragments = []
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + anchor)
        whole = (shift + len(anchor)) * 8 // 6  # characters that no following byte changes
        fragments.append(encoded[(0, 2, 3)[shift] : whole])
    return [f for f in fragments if len(f) >= BASE64_LITERAL_MIN]


def _stdlib_gate(formats: Sequence[KeyFormat]) -> Gate:
    anchored = [(n, f.anchor.encode()) for n, f in enumerate(formats) if not gate_words(f)]
    worded = [(n, [w.lower().encode() for w in gate_words(f)]) for n, f in enumerate(formats) if gate_words(f)]

    def gate(data: bytes) -> frozenset[int]:
        hits = {n for n, anchor in anchored if anchor in data}
        if worded:
            lowered = data.lower()
            hits.update(n for n, words in worded if any(word in lowered for word in words))
        return frozenset(hits)

    return gate


def _hyperscan_gate(formats: Sequence[KeyFormat]) -> Gate | None:
    """Shape gate of all formats, and word gate of those without an anchor: these need both."""
    shapes = _compile([_gate_expression(f) for f in formats], list(range(len(formats))))
    listed = [(n, _escape(word.encode())) for n, f in enumerate(formats) for word in gate_words(f)]
    worded = frozenset(n for n, _ in listed)
    words = _compile([e for _, e in listed], [n for n, _ in listed], [True] * len(listed))
    if shapes is None or (worded and words is None):
        return None

    def gate(data: bytes) -> frozenset[int]:
        hits = _scan(shapes, data)
        told = _scan(words, data) if hits & worded else set()
        return frozenset(n for n in hits if n not in worded or n in told)

    return gate


def _gate_expression(format: KeyFormat) -> bytes:
    pattern = format.pattern.encode()
    return pattern if _compile([pattern], [0]) is not None else _escape(format.anchor.encode())


def _compile(expressions: list[bytes], ids: list[int], caseless: list[bool] | None = None) -> Any:
    """A hyperscan database, or None where hyperscan is missing or refuses an expression."""
    try:
        import hyperscan
    except ImportError:
        return None
    if not expressions:
        return None
    once, fold = hyperscan.HS_FLAG_SINGLEMATCH, hyperscan.HS_FLAG_CASELESS
    flags = [once | (fold if low else 0) for low in caseless or [False] * len(ids)]
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(expressions=expressions, ids=ids, elements=len(ids), flags=flags)
    except hyperscan.error:
        return None
    return database


def _scan(database: Any, data: bytes) -> set[int]:
    hits: set[int] = set()
    database.scan(data, match_event_handler=lambda number, *rest: hits.add(number))
    return hits


def _escape(literal: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in literal)
