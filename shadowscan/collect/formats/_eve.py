"""Events in Suricata's EVE form, bare or in a firewall's wrapping, into `flow` and `tls_connection`.

A format gives one query over its files, `read`, with one row an event, in the order of the files, and these columns:

- `file`: position of the object in the call
- `e`: the event, read as `EVENT`; null where the line is no JSON object
- `sensor_name`: who saw it, null where the log does not say; `az`
- `received_at`: timestamp, for events that have no time of their own
- `default_kind`: the kind of an event without a type, null where such a line is none of this log

Events are staged in `eve_event`, addresses turned so that the client is in front. What tells one thing twice counts
once: `netflow` beside `flow`, an alert or a drop beside the flow or the host of its connection.
"""

from collections.abc import Mapping, Sequence

from shadowscan.collect.formats import _http_target as http
from shadowscan.collect.formats._first_row import first_rows
from shadowscan.collect.formats._flow import FlowRecords, answer_direction, create_time_macros, take_flows
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats._tls import TlsRecords, take_hosts
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

EVENT = """STRUCT(
  "timestamp" VARCHAR, flow_id VARCHAR, event_type VARCHAR, direction VARCHAR, src_ip VARCHAR, src_port INTEGER,
  dest_ip VARCHAR, dest_port INTEGER, proto VARCHAR, in_iface VARCHAR, host VARCHAR, sni VARCHAR,
  flow STRUCT(
    src_ip VARCHAR, src_port INTEGER, dest_ip VARCHAR, dest_port INTEGER, pkts_toserver BIGINT, pkts_toclient BIGINT,
    bytes_toserver BIGINT, bytes_toclient BIGINT, "start" VARCHAR, "end" VARCHAR, "action" VARCHAR
  ),
  netflow STRUCT(pkts BIGINT, bytes BIGINT, "start" VARCHAR, "end" VARCHAR),
  alert STRUCT("action" VARCHAR), verdict STRUCT("action" VARCHAR),
  tls STRUCT(sni VARCHAR), quic STRUCT(sni VARCHAR),
  http STRUCT(hostname VARCHAR, url VARCHAR, http_method VARCHAR, http_port INTEGER),
  tls_error STRUCT(error_message VARCHAR), revocation_check STRUCT("action" VARCHAR),
  dns STRUCT(
    "type" VARCHAR, id BIGINT, rrname VARCHAR, rrtype VARCHAR, rcode VARCHAR, rdata VARCHAR,
    queries STRUCT(rrname VARCHAR, rrtype VARCHAR)[],
    answers STRUCT(rrname VARCHAR, rrtype VARCHAR, ttl BIGINT, rdata VARCHAR)[],
    grouped STRUCT(A VARCHAR[], AAAA VARCHAR[], CNAME VARCHAR[])
  )
)"""

# What is logged of one packet has the packet's own sides: an answer comes from the lower port, the server's.
STAGE = """
create or replace temp table eve_event as
with record as (
  {read}
),
typed as (
  select
    *,
    coalesce(e.event_type, case when e is not null then default_kind end) as kind,
    case
      when e.event_type = 'alert' then e.direction = 'to_client'
      when e.event_type in ('drop', 'quic') then e.src_port < e.dest_port
      when e.event_type = 'dns' then e.dns."type" in ('answer', 'response') and e.src_port < e.dest_port
    end as is_answer
  from record
)
select
  file,
  coalesce(sensor_name, 'unknown') as sensor_name,
  coalesce(az, 'unknown') as az,
  kind,
  e.flow_id,
  coalesce(e.flow.src_ip, case when is_answer then e.dest_ip else e.src_ip end) as source_text,
  coalesce(e.flow.src_port, case when is_answer then e.dest_port else e.src_port end) as source_port,
  coalesce(e.flow.dest_ip, case when is_answer then e.src_ip else e.dest_ip end) as target_text,
  coalesce(e.flow.dest_port, case when is_answer then e.src_port else e.dest_port end) as target_port,
  case upper(e.proto)
    when 'TCP' then 6
    when 'UDP' then 17
    when 'ICMP' then 1
    when 'IPV6-ICMP' then 58
    when 'SCTP' then 132
    else try_cast(e.proto as integer)
  end as protocol,
  coalesce(try_cast(e."timestamp" as timestamptz)::timestamp, received_at) as logged_at,
  try_cast(coalesce(e.netflow."start", e.flow."start") as timestamptz)::timestamp as flow_started_at,
  try_cast(coalesce(e.netflow."end", e.flow."end") as timestamptz)::timestamp as flow_ended_at,
  coalesce(e.netflow.bytes, e.flow.bytes_toserver) as bytes,
  coalesce(e.netflow.pkts, e.flow.pkts_toserver) as packets,
  e.flow.bytes_toclient as bytes_back,
  e.flow.pkts_toclient as packets_back,
  nullif(coalesce(e.tls.sni, e.quic.sni, e.sni), '-') as sni,
  e.http.hostname as http_host,
  e.http.http_port,
  e.http.http_method as http_method,
  e.http.url as http_target,
  case
    when e.event_type = 'drop' or lower(e.flow."action") = 'drop' then 'reject'
    when lower(e.alert."action") = 'blocked' then 'reject'
    when lower(e.verdict."action") in ('drop', 'reject') then 'reject'
    when e.tls_error.error_message is not null then 'reject'
    when lower(e.revocation_check."action") in ('drop', 'reject') then 'reject'
    else 'accept'
  end as action,
  e.dns
from typed
"""

FIRST_ROWS = first_rows("eve_event", "eve_first")

# Connections of which the log has a better record than an alert, a drop or a netflow record is.
COUNTED = """
create or replace temp table eve_counted as
select distinct file, flow_id
from eve_event
where kind = 'flow'
  and flow_id is not null
"""
BLOCKED = """
create or replace temp table eve_blocked as
select distinct file, flow_id
from eve_event
where kind in ('alert', 'drop')
  and action = 'reject'
  and flow_id is not null
"""
NAMED = """
create or replace temp table eve_named as
select distinct file, flow_id
from eve_event
where kind in ('tls', 'quic', 'http')
  and flow_id is not null
"""

# A line that is no event at all comes here too, so that it is refused with its number. Where one event counts both
# ways the second row is the answer's.
FLOWS = f"""
with counted as (
  select
    e.*,
    e.rowid - f.first_rowid + 1 as line,
    c.flow_id is not null as has_flow,
    unnest(
      case when kind = 'flow' and (bytes_back > 0 or packets_back > 0) then [false, true] else [false] end
    ) as is_back
  from eve_event as e
  join eve_first as f on f.file = e.file
  left join eve_counted as c on c.file = e.file and c.flow_id = e.flow_id
  where kind is null
     or kind in ('flow', 'netflow', 'drop')
     or (kind = 'alert' and action = 'reject' and sni is null and http_host is null)
)
select
  * exclude (
    logged_at, flow_started_at, flow_ended_at, source_text, source_port, target_text, target_port, bytes, packets
  ),
  case when kind is null then 'foreign' when kind = 'netflow' and has_flow then 'duplicate' end as status,
  coalesce(flow_started_at, logged_at) as started_at,
  coalesce(flow_ended_at, logged_at) as ended_at,
  case when is_back then target_text else source_text end as source_text,
  case when is_back then target_port else source_port end as source_port,
  case when is_back then source_text else target_text end as target_text,
  case when is_back then source_port else target_port end as target_port,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  case when is_back then {answer_direction("source_text", "target_text")} end as flow_direction,
  case when kind in ('alert', 'drop') then 0 when is_back then bytes_back else bytes end as bytes,
  case when kind in ('alert', 'drop') then 0 when is_back then packets_back else packets end as packets
from counted
where kind is null
   or kind in ('flow', 'netflow')
   or not has_flow
"""  # noqa: S608  # our own constants only

HOSTS = f"""
with named as (
  select
    e.* exclude (action),
    case when e.kind in ('tls', 'quic') and b.flow_id is not null then 'reject' else e.action end as action,
    e.rowid - f.first_rowid + 1 as line,
    coalesce({http.is_proxied("e.http_method", "e.http_target")}, false) and e.sni is null as is_to_proxy
  from eve_event as e
  join eve_first as f on f.file = e.file
  left join eve_blocked as b on b.file = e.file and b.flow_id = e.flow_id
  left join eve_named as n on n.file = e.file and n.flow_id = e.flow_id
  where coalesce(e.sni, e.http_host, e.http_target, '') <> ''
    and (e.kind in ('tls', 'quic', 'http', 'tls_inspection') or (e.kind = 'alert' and n.flow_id is null))
)
select
  *,
  logged_at as started_at,
  null::timestamp as ended_at,
  source_text as client_text,
  source_port as client_port,
  case when not is_to_proxy then target_text end as remote_text,
  case when is_to_proxy then {http.asked_port("http_target")} else target_port end as remote_port,
  coalesce(sni, case when is_to_proxy then {http.asked_host("http_target")} end, http_host) as host,
  {http.url_of("http_method", "http_target")} as url
from named
where sni is not null
   or http_host is not null
   or is_to_proxy
"""  # noqa: S608  # our own constants only

FLOW_COLUMNS = {
    "account_id": "path_account_id",
    "az": "az",
    "action": "action",
    "connection_id": "coalesce(flow_id, 'unknown')",
}

HOST_COLUMNS = {
    "account_id": "path_account_id",
    "protocol": "coalesce(protocol, 6)",
    "connection_id": "coalesce(flow_id, 'unknown')",
    "named_by": "case when sni is not null then 'sni' when is_to_proxy then 'connect' else 'http_host' end",
    "action": "action",
}

EVENT_KEYS = frozenset({"src_ip", "dest_ip"})
_TABLES = ("eve_event", "eve_first", "eve_counted", "eve_blocked", "eve_named")


def stage_events(engine: DuckDBEngine, read: str, paths: Sequence[str]) -> None:
    """Fill `eve_event` from the query of a format, which gets `paths` as its parameter."""
    create_time_macros(engine)
    engine.query(STAGE.replace("{read}", read), {"paths": list(paths)})
    for statement in (FIRST_ROWS, COUNTED, BLOCKED, NAMED):
        engine.query(statement)


def take_connections(
    engine: DuckDBEngine, items: Sequence[LocalObject], flow_columns: Mapping[str, str], host_columns: Mapping[str, str]
) -> dict[int, Normalised]:
    """Insert flows, blocked attempts and hosts of the staged events; the columns are those that differ by format."""
    flows = take_flows(engine, items, FlowRecords(FLOWS, FLOW_COLUMNS | dict(flow_columns), one_a_line=True))
    hosts = take_hosts(engine, items, TlsRecords(HOSTS, HOST_COLUMNS | dict(host_columns)))
    return {source_id: add_up(flows[source_id].normalised(), hosts[source_id].normalised()) for source_id in flows}


def drop_events(engine: DuckDBEngine) -> None:
    """Drop what was staged."""
    for table in _TABLES:
        engine.query(f"drop table {table}")
