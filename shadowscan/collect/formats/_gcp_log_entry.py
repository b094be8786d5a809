"""Entries of Cloud Logging in the containers they are exported in, read into one struct whatever the container.

========================  ===========================================================================================
container                 shape
========================  ===========================================================================================
Log Router, API, gcloud   JSON lines or one JSON array; `logName insertId timestamp resource jsonPayload`; 64-bit
                          numbers are strings
BigQuery sink, as JSON    the same names, those inside `jsonPayload` in lower case; numbers of a payload are floats
BigQuery sink, Parquet    the same as columns; `jsonPayload` is a struct that has only the fields some entry had
Log Analytics, as JSON    `log_name insert_id timestamp resource json_payload`; the payload an object, or JSON in a
                          string; names inside it as logged
Log Analytics, Parquet    the same as columns; `json_payload` is JSON text
========================  ===========================================================================================

Sources: https://cloud.google.com/logging/docs/export/bigquery (lower case, float), `LogEntry` of
https://github.com/googleapis/googleapis/blob/master/google/logging/v2/log_entry.proto.
Doubt: Log Analytics exports were not seen; their names are those of its views.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shadowscan.collect.formats._json_lines import Refused, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.engines.duckdb import DuckDBEngine

# A nested dict of field to DuckDB type; a list of one shape is a list of such.
Shape = dict[str, Any]

RESOURCE: Shape = {"labels": {"project_id": "varchar", "location": "varchar", "source_type": "varchar"}}

PARQUET_FIELDS = """
select name, num_children
from parquet_schema($path)
"""

# Cloud Logging may write an entry twice; the second and later ones of `gcp_entry` are listed by row.
CREATE_REPEATED = """
create or replace temp table gcp_repeated as
with repeated as (
  select file, entry_hash
  from gcp_entry
  where is_ours
    and has_id
  group by file, entry_hash
  having count(*) > 1
)
select e.rowid as row_id
from gcp_entry as e
join repeated as r on r.file = e.file and r.entry_hash = e.entry_hash
qualify row_number() over (partition by e.file, e.entry_hash order by e.rowid) > 1
"""

_NAMES = {"camel": ("logName", "insertId", "jsonPayload"), "snake": ("log_name", "insert_id", "json_payload")}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a group of objects is laid out: `json` or `parquet`, `camel` or `snake` names, and lower-case payloads."""

    container: str
    names: str
    is_lower: bool = False


def sniff_log(head: Head, log: str, fields: Sequence[bytes]) -> float:
    """Share of the first entries that are of this log, by the end of its name.

    Of Parquet only the footer is seen: it must hold these fields, or the log's name among its statistics.
    """
    if head.data.startswith(b"PAR1"):
        has_fields = all(field in head.data for field in fields) or log.encode() in head.data
        return 0.9 if has_fields and re.search(rb"(?i)json_?payload", head.data) else 0.0
    records = sample_records(head)
    hits = sum(isinstance(name := _log_name(record), str) and name.endswith(log) for record in records)
    return round(0.97 * hits / len(records), 2) if records else 0.0


def layout_of(head: Head) -> Layout:
    """The layout of an object, from its first entry."""
    if head.data.startswith(b"PAR1"):
        return Layout("parquet", "snake" if b"json_payload" in head.data else "camel")
    first = next(iter(sample_records(head)), {})
    payload = first.get("jsonPayload")
    is_lower = isinstance(payload, dict) and bool(payload) and all(name == name.lower() for name in payload)
    return Layout("json", "snake" if "json_payload" in first else "camel", is_lower)


def group_key(item: LocalObject) -> str:
    """Objects with one key can be read in one statement; two Parquet files seldom have the same fields."""
    layout = layout_of(item.head)
    return f"parquet:{item.source_id}" if layout.container == "parquet" else f"{layout.names}:{layout.is_lower}"


@contextmanager
def open_entries(
    engine: DuckDBEngine, items: Sequence[LocalObject], payload: Shape
) -> Iterator[tuple[str, dict[str, object], dict[int, Refused]]]:
    """Yield a query of the objects' entries, its parameters, and what was refused on the way by `source_id`.

    The query gives `file` (position of the object), `log_name insert_id logged_at`, `resource` and `p`, structs of
    `RESOURCE` and of the shape asked for. Its rows are in the order of the entries; a line that is none is all null.
    """
    layout = layout_of(items[0].head)
    if layout.container == "parquet":
        paths = [item.path for item in items]
        yield _parquet_sql(engine, layout, payload, paths[0]), {"paths": paths}, {}
        return
    with lay_lines(items) as laid:
        yield _json_sql(layout, payload), {"paths": laid.paths}, laid.refused


def _log_name(record: dict[str, Any]) -> object:
    return record.get("logName", record.get("log_name"))


def _json_sql(layout: Layout, payload: Shape) -> str:
    log_name, insert_id, name = _NAMES[layout.names]
    is_text = layout.names == "snake"
    kind = "json" if is_text else shape_type(_lower(payload) if layout.is_lower else payload)
    text = f"case when json_type(r.{name}) = 'VARCHAR' then try_cast(r.{name} ->> '$' as json) else r.{name} end"
    return f"""
    select
      cast(r.file_index as bigint) as file,
      r.{log_name} as log_name,
      r.{insert_id} as insert_id,
      r.timestamp as logged_at,
      {_transform("r.resource", RESOURCE) if is_text else "r.resource"} as resource,
      {_transform(text, payload) if is_text else f"r.{name}"} as p
    from read_json(
      $paths,
      format = 'newline_delimited',
      ignore_errors = true,
      hive_partitioning = false,
      columns = {{
        {log_name}: 'varchar',
        {insert_id}: 'varchar',
        timestamp: 'varchar',
        resource: '{"json" if is_text else shape_type(RESOURCE)}',
        {name}: '{kind}'
      }}
    ) as r
    """  # noqa: S608 - names and types of our own shapes


def _parquet_sql(engine: DuckDBEngine, layout: Layout, payload: Shape, path: str) -> str:
    log_name, insert_id, name = _NAMES[layout.names]
    known = set(_paths(engine.query(PARQUET_FIELDS, {"path": path}).rows))
    if layout.names == "snake":
        found = f"json_transform(try_cast(r.{name} as json), '{json.dumps(payload)}')"
    else:
        found = _struct((name,), payload, known)
    return f"""
    select
      cast(r.file_index as bigint) as file,
      {_field((log_name,), "varchar", known)} as log_name,
      {_field((insert_id,), "varchar", known)} as insert_id,
      {_field(("timestamp",), "varchar", known)} as logged_at,
      {_struct(("resource",), RESOURCE, known)} as resource,
      {found} as p
    from read_parquet($paths, hive_partitioning = false) as r
    """  # noqa: S608 - names and types of our own shapes


def _transform(expression: str, shape: Shape) -> str:
    return f"json_transform({expression}, '{json.dumps(shape)}')"


def shape_type(shape: Any) -> str:
    """A shape as a DuckDB type."""
    if isinstance(shape, list):
        return f"{shape_type(shape[0])}[]"
    if isinstance(shape, dict):
        return "struct(" + ", ".join(f'"{name}" {shape_type(inner)}' for name, inner in shape.items()) + ")"
    return str(shape)


def _lower(shape: Any) -> Any:
    if isinstance(shape, list):
        return [_lower(shape[0])]
    if isinstance(shape, dict):
        return {name.lower(): _lower(inner) for name, inner in shape.items()}
    return shape


def _struct(path: tuple[str, ...], shape: Shape, known: set[tuple[str, ...]]) -> str:
    """A struct of the shape out of a Parquet column: what the file does not have is null."""
    return "{" + ", ".join(f'"{name}": {_field((*path, name), inner, known)}' for name, inner in shape.items()) + "}"


def _field(path: tuple[str, ...], inner: Any, known: set[tuple[str, ...]]) -> str:
    if isinstance(inner, dict):
        return _struct(path, inner, known)
    place = tuple(part.lower() for part in path)
    if place not in known:
        return f"cast(null as {shape_type(inner)})"
    column = "r." + ".".join(f'"{part}"' for part in path)
    if isinstance(inner, list):
        within = {found[-1] for found in known if found[: len(place)] == place}
        fields = (
            f"'{name}': " + (f'cast(x."{name}" as {kind})' if name.lower() in within else f"cast(null as {kind})")
            for name, kind in inner[0].items()
        )
        return f"[{{{', '.join(fields)}}} for x in {column}]"
    return f"try_cast({column} as {inner})"


def _paths(rows: Sequence[tuple[str, int | None]]) -> Iterator[tuple[str, ...]]:
    """Every field of a Parquet schema as its path in lower case: the schema lists them depth first."""
    open_groups: list[tuple[str, int]] = []
    for name, children in rows[1:]:
        while open_groups and not open_groups[-1][1]:
            open_groups.pop()
        if open_groups:
            group, left = open_groups[-1]
            open_groups[-1] = group, left - 1
        yield (*(group for group, _ in open_groups), name.lower())
        if children:
            open_groups.append((name.lower(), children))
