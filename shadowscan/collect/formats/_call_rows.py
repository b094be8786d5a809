"""Model calls read record by record, where no typed query can name the shape: their rows into `model_call`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shadowscan.collect.formats._json_documents import read_documents
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# What may be wrong with a record whose members are asked for by name.
REFUSED = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)
BATCH = 50_000
COLUMNS: Mapping[str, Any] = {
    "called_at": None,
    "vendor_id": "unknown",
    "service": "unknown",
    "model": "unknown",
    "profile_prefix": "none",
    "account_id": "unknown",
    "principal": "unknown",
    "credential": "unknown",
    "region": "unknown",
    "processing_region": "unknown",
    "via": "unknown",
    "seen_in": "unknown",
    "request_id": "unknown",
    "calls": 1,
    "failed_calls": 0,
    "input_tokens": 0,
    "cached_tokens": 0,
    "output_tokens": 0,
}
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MOST = 1 << 60


@dataclass
class Reading:
    """Rows as they are read: each a record number and columns of the table, and what was refused."""

    refused: int = 0
    first: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: int, columns: Mapping[str, Any]) -> None:
        """Take a call; a column that is none or empty has its default. Raises `ValueError` for a time that is none."""
        if not EARLIEST <= columns["called_at"] < LATEST:
            raise ValueError("the time is not between 2000 and 2100")
        given = {name: value for name, value in columns.items() if value not in (None, "")}
        self.rows.append({"line": line, **COLUMNS, **given, "called_at": columns["called_at"].replace(tzinfo=None)})

    def refuse(self, line: int, error: Exception) -> None:
        """Count a record; its own words are not repeated, for they may be a person's."""
        self.refused += 1
        said = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else type(error).__name__
        self.first = self.first or f"record {line}: {said}"


def usage_results(item: LocalObject, reading: Reading) -> Iterator[tuple[Mapping[str, Any], Any, Set[str]]]:
    """Bucket and result of pages that vendors' usage APIs answer, and what any result of the page has a value for."""
    for document in read_documents(item):
        try:
            found = [(bucket, result) for bucket in document.value["data"] for result in bucket["results"]]
        except REFUSED as error:
            reading.refuse(document.line, error)
            continue
        records = (result for _, result in found if isinstance(result, Mapping))
        told = {name for record in records for name, value in record.items() if value}
        yield from ((bucket, result, told) for bucket, result in found)


def insert_reading(engine: DuckDBEngine, item: LocalObject, reading: Reading) -> Normalised:
    """Insert the rows of one object."""
    for start in range(0, len(reading.rows), BATCH):
        _insert(engine, item.source_id, reading.rows[start : start + BATCH])
    times = [row["called_at"] for row in reading.rows]
    return Normalised(
        {"model_call": len(times)},
        reading.refused,
        reading.first,
        min(times, default=None),
        max(times, default=None),
    )


def count_of(value: Any) -> int:
    """A count, 0 for none; raises `ValueError` for one that is negative or no count."""
    if value is None:
        return 0
    found = int(value)
    if isinstance(value, bool) or not 0 <= found <= MOST:
        raise ValueError("no count")
    return found


def word_of(value: Any) -> str | None:
    """A word, None for none; raises `TypeError` for a value that holds others."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError("no word")


def moment_of(value: Any) -> datetime:
    """A time as Unix seconds or RFC 3339; without a zone it is UTC. Raises `ValueError` for what is none."""
    if isinstance(value, str) and not value.isdigit():
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    seconds = count_of(value)
    if seconds >= LATEST.timestamp():
        raise ValueError("no Unix seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _insert(engine: DuckDBEngine, source_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    names = ["line", *COLUMNS]
    marks = ", ".join(f"unnest(${name}) as {name}" for name in names)
    values: dict[str, object] = {name: _column(rows, name) for name in names}
    engine.query(
        f"insert into model_call by name select $source_id as source_id, {marks}",
        {"source_id": source_id, **values},
    )


def _column(rows: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]
