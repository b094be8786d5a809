"""Access logs of Envoy, by itself or in Istio: text of a layout, or JSON, into requests.

Both products log the same things; their pages say what becomes of them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shadowscan.collect.formats._flow import create_time_macros
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._layout import Pattern, Syntax, choose_layout, layout_of
from shadowscan.collect.formats._proxy import ProxyRecords, take_lines, take_requests
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# `%COMMAND%`, `%COMMAND(KEY?ALTERNATIVE):LENGTH%`
CODE = re.compile(r"%(?P<code>[A-Z][A-Z0-9_]*)(?:\((?P<key>[^)]*)\))?(?::\d+)?%")
NAMES = {
    "START_TIME": "start_time", "RESPONSE_CODE": "status", "RESPONSE_FLAGS": "flags", "BYTES_RECEIVED": "bytes_out",
    "BYTES_SENT": "bytes_in", "DURATION": "duration", "UPSTREAM_HOST": "server", "UPSTREAM_CLUSTER": "cluster",
    "UPSTREAM_LOCAL_ADDRESS": "own", "DOWNSTREAM_LOCAL_ADDRESS": "asked", "DOWNSTREAM_REMOTE_ADDRESS": "client",
    "DOWNSTREAM_DIRECT_REMOTE_ADDRESS": "direct_client", "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": "direct_client",
    "REQUESTED_SERVER_NAME": "server_name",
}  # fmt: skip
HEADERS = {":METHOD": "method", ":AUTHORITY": "authority", "X-FORWARDED-FOR": "forwarded"}
VALUES = {
    "start_time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    "status": r"\d{1,3}",
    "bytes_out": r"\d+|-",
    "bytes_in": r"\d+|-",
    "duration": r"-?\d+|-",
}
# Keys that the default JSON formats of Istio and Envoy Gateway, and most others, have for the same thing.
KEYS = {
    "start_time": ("start_time", "timestamp", "@timestamp"),
    "method": ("method", ":method"),
    "path": ("path", "x-envoy-origin-path", "x_envoy_original_path"),
    "status": ("response_code", "status"),
    "flags": ("response_flags",),
    "bytes_out": ("bytes_received",),
    "bytes_in": ("bytes_sent",),
    "duration": ("duration",),
    "forwarded": ("x_forwarded_for", "x-forwarded-for"),
    "authority": ("authority", ":authority"),
    "server": ("upstream_host",),
    "cluster": ("upstream_cluster",),
    "own": ("upstream_local_address",),
    "asked": ("downstream_local_address",),
    "client": ("downstream_remote_address",),
    "direct_client": ("downstream_direct_remote_address",),
    "server_name": ("requested_server_name",),
}

ISTIO_KEYS = frozenset({"authority", "upstream_cluster", "requested_server_name", "downstream_remote_address"})

STAGE_JSON = """
create or replace temp table envoy_record as
select
  r.file_index::bigint as file,
  r.*
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = $columns
) as r
"""

READ_JSON = """
select
  r.file,
  r.rowid - f.first_rowid + 1 as line,
  {columns},
  start_time is not null and coalesce(bytes_out, bytes_in) is not null as is_matched
from envoy_record as r
join (select file, min(rowid) as first_rowid from envoy_record group by file) as f on f.file = r.file
"""

# A mesh's own TLS names `outbound_.PORT_.SUBSET_.HOST`. A cluster `outbound|PORT|SUBSET|HOST` names the host too; where
# that is a service of the cluster and the host asked for is not, the next hop is another proxy. An address is asked for
# where the cluster passes on to the original destination, or into a black hole.
READ = r"""
with line as (
  {line}
),
timed as (
  select
    * exclude (bytes_out, bytes_in, client),
    try_cast(start_time as timestamptz)::timestamp as started_at,
    lasting(coalesce(try_cast(duration as bigint), 0)) as lasted,
    coalesce(client, direct_client, nullif(trim(split_part(forwarded, ',', -1)), '')) as client,
    try_cast(bytes_out as bigint) as bytes_out,
    try_cast(bytes_in as bigint) as bytes_in,
    try_cast(status as integer) as code,
    coalesce(cluster, '') in ('PassthroughCluster', 'BlackHoleCluster', 'original-dst') as is_passed_on,
    nullif(regexp_extract(cluster, '^outbound\|[0-9]*\|[^|]*\|(.+)$', 1), '') as cluster_host,
    nullif(regexp_replace(server_name, '^outbound_\.[0-9]+_\.[^_]*_\.', ''), '') as told_name
  from line
),
placed as (
  select
    *,
    coalesce(authority, told_name, cluster_host) as asked_host,
    case when is_passed_on then coalesce(server, asked) else server end as next_hop
  from timed
)
select
  file,
  line,
  is_matched,
  started_at,
  started_at + lasted as ended_at,
  client,
  case when place_address(own) = place_address(client) then place_port(own) end as client_port,
  case
    when not (
      contains(cluster_host, '.svc.') and contains(asked_host, '.') and not contains(asked_host, '.svc.')
    ) or cluster_host is null
    then next_hop
  end as server,
  null::integer as server_port,
  method,
  case when upper(method) = 'CONNECT' then authority else path end as target,
  case when method is null then told_name end as sni,
  coalesce(authority, case when not is_passed_on then cluster_host end) as host,
  bytes_out,
  bytes_in,
  coalesce(cluster = 'BlackHoleCluster', false)
    or (server is null and (code >= 400 or coalesce(code, 0) = 0))
    or coalesce(list_has_any(string_split(flags, ','), ['UF', 'UH', 'NR', 'UAEX', 'RL', 'NC']), false) as is_refused,
  starts_with(cluster, 'inbound|') or cluster = 'InboundPassthroughCluster' as is_foreign,
  case when place_address(own) = place_address(client) then 'mesh' else 'proxy' end as sensor,
  null::varchar as workload,
  null::integer as protocol
from placed
"""


def meaning_of(code: re.Match[str]) -> str:
    """The field of one command, empty where it is not kept."""
    if code["code"] != "REQ":
        return NAMES.get(code["code"], "")
    keys = (code["key"] or "").upper().split("?")
    return "path" if ":PATH" in keys else HEADERS.get(keys[0], "")


SYNTAX = Syntax(CODE, meaning_of, VALUES)


def is_access_record(record: dict[str, object]) -> bool:
    """Whether a JSON record counts bytes both ways and names what was asked for."""
    asked = ("authority", ":authority", "requested_server_name")
    return record.keys() >= {"bytes_received", "bytes_sent"} and any(key in record for key in asked)


def is_of_istio(record: dict[str, object]) -> bool:
    """Whether an access record has the keys of Istio's own format: Envoy Gateway's differ, Envoy has none."""
    return record.keys() >= ISTIO_KEYS


def take_text(engine: DuckDBEngine, items: Sequence[LocalObject], patterns: Sequence[Pattern]) -> dict[int, Normalised]:
    """Insert the requests of text logs of one layout."""
    layout = layout_of(items[0], SYNTAX, patterns)
    return take_lines(engine, items, layout, READ.replace("{line}", layout.read(tuple(KEYS))))


def take_json(engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
    """Insert the requests of JSON logs."""
    columns = {key: "varchar" for keys in KEYS.values() for key in keys}
    with lay_lines(items) as laid:
        engine.query(STAGE_JSON, {"paths": laid.paths, "columns": columns})
    values = (f"coalesce({', '.join(_plain(key) for key in keys)}) as {name}" for name, keys in KEYS.items())
    create_time_macros(engine)
    line = READ_JSON.replace("{columns}", ",\n  ".join(values))
    found = take_requests(engine, items, ProxyRecords(READ.replace("{line}", line)))
    engine.query("drop table envoy_record")
    return {source_id: add_refused(one, laid.refused.get(source_id)) for source_id, one in found.items()}


def _plain(key: str) -> str:
    return f"nullif(nullif(r.\"{key}\", ''), '-')"


@dataclass
class EnvoyFormat:
    """The format of one product. `is_ours` tells its JSON records; `surety` is that of JSON and of text."""

    id: str
    title: str
    patterns: Sequence[Pattern]
    is_ours: Callable[[dict[str, object]], bool]
    surety: tuple[float, float]
    tables: tuple[str, ...] = ("tls_connection", "flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first lines in the product's text format, or of records with its keys."""
        records = sample_records(head)
        if records:
            return round(self.surety[0] * sum(map(self.is_ours, records)) / len(records), 2)
        return round(self.surety[1] * choose_layout(head, self.patterns)[1], 2)

    def group_key(self, item: LocalObject) -> str:
        """Text objects of one layout go together, and all JSON."""
        return "json" if sample_records(item.head) else layout_of(item, SYNTAX, self.patterns).key

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert requests and connections; lines that the format does not describe are refused."""
        if self.group_key(items[0]) == "json":
            return take_json(engine, items)
        return take_text(engine, items, self.patterns)
