"""The containers a Cloud Logging entry is exported in, written from the entries of a sample."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

Entries = list[dict[str, Any]]

SNAKE = (
    "logName as log_name, insertId as insert_id, timestamp, resource,"
    " cast(to_json(jsonPayload) as varchar) as json_payload"
)


def read_entries(path: Path) -> Entries:
    """The entries of a sample."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_lines(path: Path, *entries: object) -> Path:
    """JSON lines."""
    path.write_text("".join(json.dumps(one) + "\n" for one in entries))
    return path


def _lower(value: Any) -> Any:
    """A payload as a BigQuery sink stores it: lower-case names, numbers as floats."""
    if isinstance(value, dict):
        return {name.lower(): _lower(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_lower(inner) for inner in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _snake(one: dict[str, Any], payload: object) -> dict[str, object]:
    names = {"log_name": one["logName"], "insert_id": one["insertId"], "timestamp": one["timestamp"]}
    return names | {"resource": one["resource"], "json_payload": payload}


def _parquet(folder: Path, entries: Entries, select: str) -> None:
    lines = write_lines(folder / "lines", *entries)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select {select} from read_json('{lines}', map_inference_threshold = -1))"
            f" to '{folder / 'a.parquet'}' (format parquet)"
        )
    lines.unlink()


def _bigquery(one: dict[str, Any]) -> dict[str, Any]:
    moment = one["timestamp"].replace("T", " ").replace("456789Z", "456 UTC")
    return one | {"timestamp": moment, "jsonPayload": _lower(one["jsonPayload"])}


CONTAINERS: dict[str, Callable[[Path, Entries], object]] = {
    "lines": lambda folder, entries: write_lines(folder / "a.json", *entries),
    "gcloud array": lambda folder, entries: (folder / "a.json").write_text(json.dumps(entries, indent=2)),
    "bigquery json": lambda folder, entries: write_lines(folder / "a.json", *map(_bigquery, entries)),
    "bigquery parquet": lambda folder, entries: _parquet(
        folder, [one | {"jsonPayload": _lower(one["jsonPayload"])} for one in entries], "*"
    ),
    "log analytics json": lambda folder, entries: write_lines(
        folder / "a.json", *(_snake(one, one["jsonPayload"]) for one in entries)
    ),
    "log analytics json in a string": lambda folder, entries: write_lines(
        folder / "a.json", *(_snake(one, json.dumps(one["jsonPayload"])) for one in entries)
    ),
    "log analytics parquet": lambda folder, entries: _parquet(folder, entries, SNAKE),
}
