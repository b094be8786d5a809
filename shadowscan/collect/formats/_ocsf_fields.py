"""Fields of OCSF records, whatever the container and version: one query that gives them as flat columns.

Versions put one thing in different places (`cloud.account_uid` in 1.0.0-rc.2, `cloud.account.uid` since 1.0), and a
Parquet file has only the columns some record needed. So every field lists its places, and those that are there count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shadowscan.collect.formats.interface import LocalObject
from shadowscan.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its DuckDB type, `list` for the first of a list of texts, `answers` for those of a DNS record."""

    kind: str
    places: tuple[str, ...]


def _endpoint(side: str) -> dict[str, Field]:
    at, prefix = f"{side}_endpoint", side[:3]
    return {
        f"{prefix}_ip": Field("varchar", (f"{at}.ip",)),
        f"{prefix}_hop": Field("list", (f"{at}.intermediate_ips",)),
        f"{prefix}_port": Field("integer", (f"{at}.port",)),
        f"{prefix}_service": Field("varchar", (f"{at}.svc_name",)),
        f"{prefix}_vpc": Field("varchar", (f"{at}.vpc_uid",)),
        f"{prefix}_subnet": Field("varchar", (f"{at}.subnet_uid",)),
        f"{prefix}_interface": Field("varchar", (f"{at}.interface_uid",)),
        f"{prefix}_instance": Field("varchar", (f"{at}.instance_uid",)),
    }


FIELDS = {
    "class_uid": Field("integer", ("class_uid",)),
    "product": Field("varchar", ("metadata.product.name",)),
    "account": Field("varchar", ("cloud.account.uid", "cloud.account_uid", "accountid")),
    "cloud_region": Field("varchar", ("cloud.region", "region")),
    "zone": Field("varchar", ("cloud.zone",)),
    "time_number": Field("bigint", ("time",)),
    "time_text": Field("timestamptz", ("time_dt",)),
    "start_number": Field("bigint", ("start_time",)),
    "start_text": Field("timestamptz", ("start_time_dt",)),
    "end_number": Field("bigint", ("end_time",)),
    "end_text": Field("timestamptz", ("end_time_dt",)),
    **_endpoint("src"),
    **_endpoint("dst"),
    "protocol_number": Field("integer", ("connection_info.protocol_num",)),
    "protocol_name": Field("varchar", ("connection_info.protocol_name",)),
    "direction_name": Field("varchar", ("connection_info.direction",)),
    "connection": Field("varchar", ("connection_info.uid",)),
    "bytes_total": Field("bigint", ("traffic.bytes",)),
    "bytes_sent": Field("bigint", ("traffic.bytes_out",)),
    "bytes_back": Field("bigint", ("traffic.bytes_in",)),
    "packets_total": Field("bigint", ("traffic.packets",)),
    "packets_sent": Field("bigint", ("traffic.packets_out",)),
    "packets_back": Field("bigint", ("traffic.packets_in",)),
    "status_code": Field("varchar", ("status_code",)),
    "activity": Field("integer", ("activity_id",)),
    "verdict_name": Field("varchar", ("action",)),
    "disposition": Field("varchar", ("disposition",)),
    "sni": Field("varchar", ("tls.sni",)),
    "http_host": Field("varchar", ("http_request.url.hostname",)),
    "http_path": Field("varchar", ("http_request.url.path",)),
    "http_method": Field("varchar", ("http_request.http_method",)),
    "query_name": Field("varchar", ("query.hostname",)),
    "query_kind": Field("varchar", ("query.type",)),
    "rcode_name": Field("varchar", ("rcode",)),
    "answers": Field("answers", ("answers",)),
}
ANSWERS = 'STRUCT("type" VARCHAR, rdata VARCHAR, ttl BIGINT)[]'
JSON_KINDS = {"list": "VARCHAR[]", "answers": ANSWERS, "timestamptz": "VARCHAR"}

READ_JSON = """
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = $columns
) as r
"""

READ_PARQUET = """
from read_parquet(
  $paths,
  file_row_number = true,
  hive_partitioning = false
) as r
"""

PARQUET_SCHEMA = """
select file_name, name, coalesce(num_children, 0)
from parquet_schema($paths)
"""


@dataclass(frozen=True, slots=True)
class Records:
    """Some objects with the same places: `read` gives `file`, `line` (null for JSON) and a column for each field."""

    items: tuple[LocalObject, ...]
    read: str
    parameters: dict[str, object]


def json_records(items: Sequence[LocalObject], paths: Sequence[str]) -> Records:
    """Records of JSON lines at `paths`."""
    chosen = [_column(name, field, field.places) for name, field in FIELDS.items()]
    columns = {name: _type_text(value) for name, value in _tree().items()}
    return Records(
        tuple(items), _select("null::bigint", chosen) + READ_JSON, {"paths": list(paths), "columns": columns}
    )


def parquet_records(engine: DuckDBEngine, items: Sequence[LocalObject]) -> Iterator[Records]:
    """Records of Parquet files: one query for all files that have the same places."""
    found: dict[str, list[tuple[str, int]]] = {}
    for file, name, children in engine.query(PARQUET_SCHEMA, {"paths": [item.path for item in items]}).rows:
        found.setdefault(file, []).append((name, children))
    groups: dict[frozenset[str], list[LocalObject]] = {}
    for item in items:
        groups.setdefault(frozenset(_places(found[item.path])), []).append(item)
    for places, group in groups.items():
        chosen = [
            _column(name, field, [place for place in field.places if place in places], "answers.ttl" in places)
            for name, field in FIELDS.items()
        ]
        read = _select("r.file_row_number + 1", chosen) + READ_PARQUET
        yield Records(tuple(group), read, {"paths": [item.path for item in group]})


def _select(line: str, columns: Sequence[str]) -> str:
    return "select\n  " + ",\n  ".join(["r.file_index::bigint as file", f"{line} as line", *columns])


def _column(name: str, field: Field, places: Sequence[str], has_ttl: bool = True) -> str:
    """The first of the places that holds something; only places of `FIELDS` get here."""
    if field.kind == "answers":
        return (_answers(has_ttl) if places else f"null::{ANSWERS}") + " as answers"
    kind = "varchar" if field.kind == "list" else field.kind
    parts = ["r." + ".".join(f'"{part}"' for part in place.split(".")) for place in places]
    if field.kind == "list":
        parts = [f"{part}[1]" for part in parts]
    values = [f"nullif({part}, '-')" if kind == "varchar" else f"try_cast({part} as {kind})" for part in parts]
    value = f"coalesce({', '.join(values)})" if values else f"null::{kind}"
    return f"{value} as {name}"


def _answers(has_ttl: bool) -> str:
    ttl = "a.ttl" if has_ttl else "null"
    return f"[{{'type': a.\"type\", 'rdata': a.rdata, 'ttl': {ttl}::bigint}} for a in r.answers]"


def _tree() -> dict[str, Any]:
    """The places of all fields as a tree of names, types at its ends."""
    tree: dict[str, Any] = {}
    for field in FIELDS.values():
        for place in field.places:
            *path, last = place.split(".")
            here = tree
            for part in path:
                here = here.setdefault(part, {})
            here[last] = JSON_KINDS.get(field.kind, field.kind.upper())
    return tree


def _type_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "STRUCT(" + ", ".join(f'"{name}" {_type_text(inner)}' for name, inner in value.items()) + ")"


def _places(schema: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Dotted places of a Parquet schema, which lists its nodes depth first; the levels a list adds are left out."""
    open_nodes: list[tuple[str, int]] = []
    for name, children in schema[1:]:
        while open_nodes and not open_nodes[-1][1]:
            open_nodes.pop()
        if open_nodes:
            open_nodes[-1] = (open_nodes[-1][0], open_nodes[-1][1] - 1)
        path = [part for part, _ in open_nodes] + [name]
        yield ".".join(part for part in path if part not in ("list", "element", "bag", "array_element", "array"))
        if children:
            open_nodes.append((name, children))
