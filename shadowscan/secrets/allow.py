"""Inline allow comments, of detect-secrets and gitleaks: shown as the reason, never a silence."""

import re

# Cheap and too generous; whether a pragma stands in a comment of the line is for detect-secrets to say.
_PRAGMA = re.compile(rb"(?i)pragma:\s?(?:allowlist|whitelist)[ -](?:nextline[ -])?secret")
_GITLEAKS = b"gitleaks:allow"
LINE_LIMIT = 4000


def allow_comment(data: bytes, start: int) -> str:
    """The comment that covers the line of this offset, or empty."""
    begin, end = line_bounds(data, start)
    line = data[max(begin, start - LINE_LIMIT) : min(end, start + LINE_LIMIT)]
    if _GITLEAKS in line.lower():
        return _GITLEAKS.decode()
    before = data[slice(*line_bounds(data, begin - 1))][:LINE_LIMIT] if begin else b""
    found = _PRAGMA.search(line) or _PRAGMA.search(before)
    if found is None or not _is_allowlisted(_text(line), _text(before)):
        return ""
    return found.group().decode("ascii").lower()


def line_bounds(data: bytes, offset: int) -> tuple[int, int]:
    """Start and end offset of the line that holds this offset."""
    end = data.find(b"\n", offset)
    return data.rfind(b"\n", 0, offset) + 1, len(data) if end < 0 else end


def _is_allowlisted(line: str, before: str) -> bool:
    """detect-secrets' own verdict: the pragma in a comment at the line's end, or alone on the line before it."""
    from detect_secrets.filters.allowlist import is_line_allowlisted
    from detect_secrets.util.code_snippet import CodeSnippet

    return bool(is_line_allowlisted("", line, CodeSnippet([before, line], 1, 1)))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
