"""What looks like a key and is none: placeholders, walks, known samples. Pure functions over raw bytes."""

import hashlib
import math
import re
from collections import Counter

from shadowscan.model.vendor import KeyFormat
from shadowscan.secrets.samples import KNOWN_SAMPLES

_WORDS = re.compile(
    rb"(?i)x{6,}|example|placeholder|your[-_]?(api|key|token|secret)|replace[-_]?me|change[-_]?me|redacted|dummy"
    rb"|sample[-_]?key|insert[-_]?(key|your)|\.\.\.|\*{3,}|abcdefgh|12345678|01234567|fake[-_]?key"
    # Four letters alone would lose one real key in ten thousand.
    rb"|(?<![a-z0-9])(?:todo|xxxx)(?![a-z0-9])"
)
_WALKS = (
    b"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    b"01234567890123456789",
    b"qwertyuiopasdfghjklzxcvbnm",
    b"0123456789abcdef0123456789abcdef",
    b"abcdefghijklmnopqrstuvwxyz0123456789",
)
WALK_LENGTH = 7
MAX_RUN_SHARE = 0.35
MIN_DISTINCT = 6
NAME_SHARE = 0.8  # one random key of 40 in thirty thousand reaches it
_CAMEL = re.compile(rb"[A-Z][a-z]{2,}")
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)


def shannon_entropy(raw: bytes) -> float:
    """Bits per character."""
    total = len(raw)
    return -sum(n / total * math.log2(n / total) for n in Counter(raw).values()) if total else 0.0


def is_placeholder(body: bytes) -> bool:
    """Whether the part after the anchor was written by a person as a stand-in."""
    return bool(_WORDS.search(body)) or is_repeated(body) or is_walk(body) or is_name(body) or is_filtered(body)


def is_repeated(body: bytes) -> bool:
    """Whether a few characters, long runs or one repeated block make up the body."""
    if len(set(body)) < min(MIN_DISTINCT, len(body)):
        return True
    if sum(len(run.group()) for run in _RUN.finditer(body)) > MAX_RUN_SHARE * len(body):
        return True
    return any(body == (body[:n] * len(body))[: len(body)] for n in range(1, len(body) // 3 + 1))


def is_walk(body: bytes) -> bool:
    """Whether the body walks the alphabet, the digits or the keyboard; these have high entropy."""
    lowered = body.lower()
    spans = (lowered[at : at + WALK_LENGTH] for at in range(len(lowered) - WALK_LENGTH + 1))
    return any(span in walk or span[::-1] in walk for span in spans for walk in _WALKS)


def is_name(body: bytes) -> bool:
    """Whether camel-case words make up the body, as in a class name; of random letters they cover a fifth."""
    return sum(len(word) for word in _CAMEL.findall(body)) >= NAME_SHARE * len(body)


def is_filtered(body: bytes) -> bool:
    """detect-secrets' filters that no real key falls under; its UUID and id filters would lose Langfuse and Mistral."""
    from detect_secrets.filters import heuristic

    text = body.decode("ascii", "replace")
    verdicts = (heuristic.is_sequential_string, heuristic.is_templated_secret, heuristic.is_not_alphanumeric_string)
    return any(verdict(text) for verdict in verdicts)


def is_known_sample(raw: bytes) -> bool:
    """Whether documentation made this key public; the list holds SHA-256 only."""
    return hashlib.sha256(raw).hexdigest() in KNOWN_SAMPLES


def has_mixed_case(body: bytes) -> bool:
    """Whether both cases occur."""
    return body.lower() != body and body.upper() != body


def meets_format(body: bytes, format: KeyFormat) -> bool:
    """Whether the part after the anchor is as random as its format asks: entropy, digits, both cases."""
    if sum(48 <= byte <= 57 for byte in body) < format.min_digits:
        return False
    if format.mixed_case and not has_mixed_case(body):
        return False
    return shannon_entropy(body) >= format.min_entropy


def is_quiet(raw: bytes, format: KeyFormat) -> bool:
    """Whether nothing is to be said of this match of the format."""
    body = raw.removeprefix(format.anchor.encode())
    return is_placeholder(body) or is_known_sample(raw) or not meets_format(body, format)
