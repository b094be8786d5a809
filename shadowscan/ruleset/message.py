"""The sentence a person reads first, made from the facts of a match.

A rule's `message` holds places such as `{vendor}`, `{bytes_out:bytes}`, `{event_count:flow record}`,
`{last_seen_at:date}` or `{amount:money}`. Nothing else is evaluated: a place is a column name and at most one way to
write it.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<style>[^{}]*))?\}")
NAMED = frozenset({"subject", "vendor", "services"})  # made by `assemble`, there for every rule
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def places(template: str) -> frozenset[str]:
    """Names of the facts that a message speaks of."""
    return frozenset(found["name"] for found in PLACE.finditer(template))


def write_message(template: str, facts: Mapping[str, Any]) -> str:
    """The sentence with its facts; a fact that is missing reads `unknown`."""
    text = PLACE.sub(lambda found: _write(facts.get(found["name"]), found["style"] or "", facts), template)
    return re.sub(r"\s+", " ", text).strip()


def _write(value: Any, style: str, facts: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return "unknown"
    if style == "bytes":
        return human_bytes(int(value))
    if style == "money":
        return f"{plain_decimal(Decimal(value))} {facts.get('currency') or ''}".strip()
    if style == "date":
        return value.date().isoformat() if isinstance(value, datetime) else str(value)[:10]
    return counted(int(value), style) if style else str(value)


def human_bytes(size: int) -> str:
    """A size in powers of 1000 with one decimal: `1.2 MB`."""
    tenths, unit = size * 10, 0
    while tenths >= 10_000 and unit < len(_UNITS) - 1:
        tenths, unit = (tenths + 500) // 1000, unit + 1
    return f"{size} bytes" if unit == 0 else f"{tenths // 10}.{tenths % 10} {_UNITS[unit]}"


def counted(count: int, noun: str) -> str:
    """`1 flow record`, `12 flow records`, `2 repositories`."""
    if count == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"
    return f"{count} {plural}"


def plain_decimal(value: Decimal) -> str:
    """An exact amount without needless zeros, at least two decimals: `412.18`."""
    whole, _, fraction = f"{value:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
