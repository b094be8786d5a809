r"""AWS VPC flow logs: text as S3 delivers it (plain or gzip, any field order), and Parquet.

Real shape, text. The first line names the fields, in the order of the flow log's own `LogFormat`, so two files of one
bucket may differ. A file without that line is read in the order of the default format (version 2, 14 fields)::

    version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    2 123456789012 eni-0a1b2c 10.0.1.5 203.0.113.10 49152 443 6 12 5840 1785542400 1785542458 ACCEPT OK
    2 123456789012 eni-0a1b2c - - - - - - - 1785542460 1785542518 - NODATA

Parquet holds the same fields with `_` for `-`. Fields we do not know are accepted and left alone: the list is open.

===================================  ==================================================================================
field                                becomes
===================================  ==================================================================================
`pkt-srcaddr`, else `srcaddr`        `client_ip` on egress, `remote_ip` on ingress: packet level wins, so that the
                                     workload behind a NAT is named
`pkt-dstaddr`, else `dstaddr`        `remote_ip` on egress, `client_ip` on ingress
`srcaddr` `dstaddr`                  `interface_client_ip` `interface_remote_ip`
`srcport` `dstport`                  `client_port` `remote_port`, swapped with the side
`flow-direction`                     `direction`; without it the private side is the client (RFC 1918, 100.64/10,
                                     fc00::/7), and the source where both or neither are private
`start` `end`                        `started_at` `ended_at`; a number above 10^11 is in milliseconds
`protocol` `packets` `bytes`         the same names
`action`                             `action` in lower case; refused attempts are kept. Absent: `accept`
`log-status`                         `NODATA` is ignored, `SKIPDATA` becomes one `coverage_note` a file with the share
                                     of time it covers; neither is ever a flow
`account-id` `region`                the same; where not chosen, taken from the delivery path
                                     `AWSLogs/ACCOUNT/vpcflowlogs/REGION/`
`vpc-id` `subnet-id` `interface-id`  `vpc_id` `subnet_id` `interface_id` `instance_id` `az`
`instance-id` `az-id`
`ecs-cluster-name`                   `workload` as `ecs/CLUSTER/SERVICE`, else `ecs-task/CLUSTER/TASK`: a task
`ecs-service-name` `ecs-task-id`     names no service
`pkt-src-aws-service`                `remote_service`: the one on the remote's side
`pkt-dst-aws-service`
===================================  ==================================================================================

A line that is too short, too long, or holds what is no number or address is rejected, counted and sampled.
`line` is the line in the file; 0 in a file with rejected lines, where counting would lie.

Sources: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html (fields),
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html (delivery path).
Doubts: Parquet types are read as whatever they are and cast; milliseconds have not been seen from AWS itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shadowscan.collect.formats._address import create_macros, map_ipv6
from shadowscan.collect.formats._vpc_flow_sql import (
    CREATE_OBJECTS,
    INSERT_FLOWS,
    INSERT_SKIPPED,
    IPV6_TEXTS,
    PARQUET_COLUMNS,
    READ_PARQUET,
    READ_TEXT,
    REJECTED_LINES,
    RESULTS,
    STAGE,
)
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

DEFAULT_FIELDS = (
    *("version", "account_id", "interface_id", "srcaddr", "dstaddr", "srcport", "dstport"),
    *("protocol", "packets", "bytes", "start", "end", "action", "log_status"),
)

# What we read of a record, with the type it is read as. `start` and `end` are epoch numbers.
FIELDS = {
    "account_id": "varchar",
    "interface_id": "varchar",
    "srcaddr": "varchar",
    "dstaddr": "varchar",
    "srcport": "integer",
    "dstport": "integer",
    "protocol": "integer",
    "packets": "bigint",
    "bytes": "bigint",
    "start": "bigint",
    "end": "bigint",
    "action": "varchar",
    "log_status": "varchar",
    "vpc_id": "varchar",
    "subnet_id": "varchar",
    "instance_id": "varchar",
    "pkt_srcaddr": "varchar",
    "pkt_dstaddr": "varchar",
    "region": "varchar",
    "az_id": "varchar",
    "pkt_src_aws_service": "varchar",
    "pkt_dst_aws_service": "varchar",
    "flow_direction": "varchar",
    "ecs_cluster_name": "varchar",
    "ecs_service_name": "varchar",
    "ecs_task_id": "varchar",
}
REQUIRED = ("srcaddr", "dstaddr", "start", "bytes")
NOT_OURS = frozenset({"tgw_id", "tgw_attachment_id"})  # a Transit Gateway flow log shares most of our fields

_FIELD = re.compile(r"[a-z][a-z0-9_-]*(?:\(-?\d+\))?")
_DEFAULT_LINE = re.compile(
    r"2 (?:\d{12}|unknown) eni-\S+ (?:\S+ ){7}\d+ \d+ (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)"
)
_DELIVERY_PATH = re.compile(
    r"AWSLogs/(?:aws-account-id=)?(?P<account>\d{12})/(?:aws-service=)?vpcflowlogs/(?:aws-region=)?(?P<region>[a-z0-9-]+)/"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How one group of files is laid out: its container, the fields in file order, and the first record's line."""

    container: str
    fields: tuple[str, ...]
    first_line: int


class AwsVpcFlow:
    """AWS VPC flow logs, version 2 to the newest."""

    id = "aws_vpc_flow"
    title = "AWS VPC flow logs (text or Parquet)"
    tables = ("flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A header that names our fields, a line of the default format, or a Parquet footer that names them."""
        if head.data.startswith(b"PAR1"):
            return 0.95 if b"srcaddr" in head.data and b"log_status" in head.data else 0.0
        lines = head.lines
        if not lines:
            return 0.0
        if _DEFAULT_LINE.fullmatch(lines[0].strip()):
            return 0.95
        return _score_header(_header_fields(lines[0]))

    def group_key(self, item: LocalObject) -> str:
        """Files with the same fields in the same order are read in one call."""
        layout = _layout_of(item)
        return f"{layout.container}:{layout.first_line}:{' '.join(layout.fields)}"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows and lost intervals; raises `BadInputError` where the header lacks a needed field."""
        layout = _layout_of(items[0])
        paths = [item.path for item in items]
        if layout.container == "parquet":
            names = {name for (name,) in engine.query(PARQUET_COLUMNS, {"paths": paths}).rows}
            layout = Layout("parquet", tuple(sorted(names)), 1)
        _refuse_missing(layout, items[0].name)
        create_macros(engine)
        _list_objects(engine, items)
        _stage(engine, layout, paths)
        rejected = _rejected_lines(engine, layout)
        map_ipv6(engine, IPV6_TEXTS)
        engine.query(INSERT_FLOWS, {"uncountable": list(rejected), "first_line": layout.first_line})
        engine.query(INSERT_SKIPPED)
        results = _results(engine, [item.source_id for item in items], rejected)
        engine.query("drop table vpc_staged")
        return results


FORMAT = AwsVpcFlow()


def _header_fields(line: str) -> tuple[str, ...]:
    """Field names of a header line with `_` for `-`; empty where a word is none."""
    words = line.strip().split(" ")
    if not all(_FIELD.fullmatch(word) for word in words):
        return ()
    return tuple(word.replace("-", "_") for word in words)


def _score_header(fields: tuple[str, ...]) -> float:
    names = set(fields)
    if names & NOT_OURS:
        return 0.3
    if {"srcaddr", "dstaddr", "start"} <= names:
        return 0.98
    # A flow log all the same, though not a useful one: taken, then refused by the names it lacks.
    return 0.6 if len(names & (FIELDS.keys() | {"version"})) >= 4 and {"interface_id", "log_status"} & names else 0.0


def _layout_of(item: LocalObject) -> Layout:
    if item.head.data.startswith(b"PAR1"):
        return Layout("parquet", (), 1)
    first = item.head.lines[0] if item.head.lines else ""
    fields = _header_fields(first)
    if fields:
        return Layout("text", fields, 2)
    return Layout("text", DEFAULT_FIELDS, 1)


def _refuse_missing(layout: Layout, name: str) -> None:
    missing = [field for field in REQUIRED if field not in layout.fields]
    if missing:
        raise BadInputError(
            f"{name}: the flow log lacks {', '.join(field.replace('_', '-') for field in missing)}",
            hint="add the fields to the flow log's format; records already written cannot be completed",
        )


def _list_objects(engine: DuckDBEngine, items: Sequence[LocalObject]) -> None:
    places = [_DELIVERY_PATH.search(item.name) for item in items]
    engine.query(
        CREATE_OBJECTS,
        {
            "source_ids": [item.source_id for item in items],
            "paths": [item.path for item in items],
            "accounts": [place["account"] if place else "unknown" for place in places],
            "regions": [place["region"] if place else "unknown" for place in places],
        },
    )


def _stage(engine: DuckDBEngine, layout: Layout, paths: list[str]) -> None:
    """Read the files once into `vpc_staged`: every field of `FIELDS`, null where the file has none."""
    engine.query("drop table if exists reject_errors")
    engine.query("drop table if exists reject_scans")
    parameters: dict[str, object] = {"paths": paths}
    if layout.container == "text":
        parameters |= {"has_header": layout.first_line == 2, "columns": _text_columns(layout.fields)}
    chosen = [_field_sql(field, kind, layout) for field, kind in FIELDS.items()]
    source = READ_TEXT if layout.container == "text" else READ_PARQUET
    columns = ["o.source_id", "o.path_account_id", "o.path_region", *chosen]
    engine.query(STAGE.replace("{record}", "select\n  " + ",\n  ".join(columns) + source), parameters)


def _text_columns(fields: tuple[str, ...]) -> dict[str, str]:
    """Columns for `read_csv`, which maps them by position: names we do not know, and repeats, get a name of no use."""
    columns: dict[str, str] = {}
    for position, field in enumerate(fields):
        known = field in FIELDS and field not in columns
        columns[field if known else f"_{position}"] = FIELDS.get(field, "varchar") if known else "varchar"
    return columns


def _field_sql(field: str, kind: str, layout: Layout) -> str:
    """One column of the staging query; only names and types of `FIELDS` get here."""
    if field not in layout.fields:
        return f'cast(null as {kind}) as "{field}"'
    if layout.container == "text":
        return f'r."{field}"'
    return f'try_cast(nullif(cast(r."{field}" as varchar), \'-\') as {kind}) as "{field}"'


def _rejected_lines(engine: DuckDBEngine, layout: Layout) -> dict[int, tuple[int, str]]:
    """Lines `read_csv` refused, by source: how many, and the first one in words."""
    if layout.container != "text":
        return {}
    rows = engine.query(REJECTED_LINES).rows
    return {source_id: (count, f"line {line}: {why}") for source_id, count, line, why in rows}


def _results(
    engine: DuckDBEngine, source_ids: list[int], rejected: dict[int, tuple[int, str]]
) -> dict[int, Normalised]:
    results = {}
    for source_id, flows, refused, notes, first_at, last_at in engine.query(RESULTS, {"source_ids": source_ids}).rows:
        lines, sample = rejected.get(source_id, (0, ""))
        reason = sample or ("a record without usable addresses or times" if refused else "")
        results[source_id] = _normalised((flows, notes), lines + refused, reason, (first_at, last_at))
    return results


def _normalised(
    counts: tuple[int, int], rejected: int, sample: str, bounds: tuple[datetime | None, datetime | None]
) -> Normalised:
    flows, notes = counts
    tables = {"flow": flows} | ({"coverage_note": notes} if notes else {})
    return Normalised(tables, rejected, sample, *bounds)
