"""Text from evidence, made safe to show: it may come from an attacker's host name, path or commit author."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
FORMULA_STARTS = frozenset("=+-@＝＋－＠")


def printable(text: str) -> str:
    """One line of visible characters: controls, line ends and direction overrides appear as escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def spreadsheet_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers.

    A quote goes in front of text that starts like a formula: https://owasp.org/www-community/attacks/CSV_Injection
    """
    if not isinstance(value, str) or NUMBER.fullmatch(value):
        return value
    risky = value[:1] in ("\t", "\r", "\n") or value.lstrip()[:1] in FORMULA_STARTS
    return ("'" if risky else "") + printable(value)


def rfc3339(moment: datetime) -> str:
    """UTC with `Z`; the store's naive times are UTC already."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat().replace("+00:00", "Z")


def day(moment: datetime | None) -> str:
    """The UTC day, or `unknown`."""
    return rfc3339(moment)[:10] if moment else "unknown"


def readable_bytes(count: int) -> str:
    """`1.4 GB`, decimal units as cloud bills use them."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{size:.1f} {UNITS[unit]}"


def plural(count: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def first_sentence(text: str) -> str:
    """Up to the first full stop or line end."""
    line = text.strip().split("\n", 1)[0]
    return re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]


def relative_uri(path: str) -> str:
    """A repository path as a relative URI reference: percent-encoded, never absolute, never with a scheme."""
    return quote(path.lstrip("/"), safe="/!", errors="surrogatepass")
