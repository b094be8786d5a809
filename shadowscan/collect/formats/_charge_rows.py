"""Rows of `charge` out of JSON answers: exact amounts, one row an identity, pages that were left out said.

Numbers are read as `Decimal`, never through a binary float. A row's key is a hash of what was charged, without the
amount: a bucket that is answered again keeps its key, so the newest object says what it costs.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from shadowscan.collect.formats._asset import plain
from shadowscan.collect.formats._json_documents import Document, read_documents
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.schema import load_tables
from shadowscan.store.rows import FEW, insert_rows

Row = dict[str, Any]

REFUSED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
TOTAL = "total"
LATE = timedelta(days=3)  # vendors' own figures settle within 24 to 72 hours
_EXACT = json.JSONDecoder(parse_float=Decimal)
_LIMIT = Decimal(10) ** 24
_STEP = Decimal(1).scaleb(-12)
_TEXT_DEFAULTS = {
    column.name: (column.default or "''").strip("'")
    for column in load_tables()["charge"].columns
    if column.type == "VARCHAR"
}


@dataclass(slots=True)
class Reading:
    """What one object gave so far: rows by identity, the first refusal, and what it says is missing."""

    rows: dict[str, Row] = field(default_factory=dict)
    refused: int = 0
    sample: str = ""
    repeated: int = 0
    notes: list[tuple[str, str, int]] = field(default_factory=list)

    def refuse(self, place: str, error: Exception) -> None:
        """Count a record that cannot be read; the first one is shown."""
        self.refused += 1
        self.sample = self.sample or plain(f"{place}: {_reason(error)}")[:200]

    def add(self, row: Row) -> None:
        """Keep a row; one of the same identity takes the place of the earlier (a page that was saved twice)."""
        self.repeated += row["charge_key"] in self.rows
        self.rows[row["charge_key"]] = row


def read_exact(item: LocalObject) -> Iterator[Document]:
    """Every JSON document of the object, fractions as `Decimal`."""
    return read_documents(item, _EXACT)


def amount_of(value: Any, name: str, scale: int = 0) -> Decimal:
    """An amount exact to twelve decimals, times ten to `scale`; raises ValueError where it is none or does not fit."""
    try:
        if isinstance(value, bool | float):
            raise InvalidOperation
        found = Decimal(value.strip() if isinstance(value, str) else value).scaleb(scale)
        if not found.is_finite() or abs(found) >= _LIMIT:
            raise InvalidOperation
        return found.quantize(_STEP)
    except (InvalidOperation, TypeError) as error:
        raise ValueError(f"{name} {plain(value)[:60]!r}: not an amount") from error


def moment_of(value: Any, name: str) -> datetime:
    """Naive UTC of a Unix second or an RFC 3339 text; raises ValueError where it is no time."""
    try:
        if isinstance(value, int):
            return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"{name} {plain(value)[:60]!r}: not a time") from error
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def charge_row(item: LocalObject, line: int, identity: Sequence[object], **known: Any) -> Row:
    """A complete row of `charge`; what is left out or empty gets the column's default.

    `known` has at least the period, `billed_cost` and `currency`; `effective_cost` is the billed one unless given.
    """
    texts = {name: plain(value) for name, value in known.items() if name in _TEXT_DEFAULTS and value is not None}
    row: Row = {**_TEXT_DEFAULTS, **{name: text for name, text in texts.items() if text}}
    row["currency"] = row["currency"].upper()
    if len(row["currency"]) != 3 or not row["currency"].isalpha():
        raise ValueError(f"currency {row['currency']!r}: not ISO 4217")
    row |= {"source_id": item.source_id, "line": line, "quantity": Decimal(0), "provisional": False}
    row["delivered_at"] = None
    row |= {"effective_cost": known["billed_cost"]}
    row |= {name: value for name, value in known.items() if name not in _TEXT_DEFAULTS}
    if row["period_end_at"] <= row["period_start_at"]:
        raise ValueError("the period ends before it begins")
    return row | {"charge_key": _key(row["period_start_at"], identity)}


def is_open(item: LocalObject, ended_at: datetime) -> bool:
    """Whether the vendor may still restate a period that ended so shortly before the object was made."""
    return item.observed_at is not None and ended_at > item.observed_at.replace(tzinfo=None) - LATE


def insert_reading(engine: DuckDBEngine, item: LocalObject, reading: Reading) -> Normalised:
    """Insert what was read, and a note for each thing that was not."""
    rows = [_bound(row) for row in reading.rows.values()]
    for start in range(0, len(rows), FEW):
        insert_rows(engine, "charge", rows[start : start + FEW])
    notes = _notes(item, reading)
    insert_rows(engine, "coverage_note", notes)
    starts = [row["period_start_at"] for row in rows]
    tables = {"charge": len(rows)} | ({"coverage_note": len(notes)} if notes else {})
    return Normalised(tables, reading.refused, reading.sample, min(starts, default=None), max(starts, default=None))


def _notes(item: LocalObject, reading: Reading) -> list[Row]:
    told = list(reading.notes)
    if reading.repeated:
        told.append(
            ("duplicate", f"{reading.repeated} rows stand in the file twice; the later one counts", reading.repeated)
        )
    empty = {"source_id": item.source_id, "lost_seconds": 0, "first_at": None, "last_at": None}
    return [{**empty, "kind": kind, "detail": detail, "count": count} for kind, detail, count in told]


def _bound(row: Row) -> Row:
    """Decimals as text: bound as such, a list of them keeps every digit whatever their scales."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def _key(start: datetime, identity: Sequence[object]) -> str:
    text = json.dumps([None if part is None else str(part) for part in identity], ensure_ascii=True)
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}/{start:%Y-%m-%dT%H}"


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
