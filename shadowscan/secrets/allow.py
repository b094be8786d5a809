"""Inline allow comments, of detect-secrets and gitleaks: shown as the reason, never a silence."""

import re

_SAME_LINE = re.compile(rb"(?i)pragma:\s?(?:allowlist|whitelist)[ -]secret|gitleaks:allow")
_LINE_BEFORE = re.compile(rb"(?i)pragma:\s?(?:allowlist|whitelist)[ -]nextline[ -]secret")
LINE_LIMIT = 4000


def allow_comment(data: bytes, start: int) -> str:
    """The comment that covers the line of this offset, or empty."""
    begin, end = line_bounds(data, start)
    found = _SAME_LINE.search(data, max(begin, start - LINE_LIMIT), min(end, start + LINE_LIMIT))
    if found is None and begin > 0:
        found = _LINE_BEFORE.search(data, line_bounds(data, begin - 1)[0], begin)
    return found.group().decode("ascii").lower() if found else ""


def line_bounds(data: bytes, offset: int) -> tuple[int, int]:
    """Start and end offset of the line that holds this offset."""
    end = data.find(b"\n", offset)
    return data.rfind(b"\n", 0, offset) + 1, len(data) if end < 0 else end
