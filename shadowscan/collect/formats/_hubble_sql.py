"""The SQL of `hubble`: every event read once into `hubble_event`, then its flows, questions and hosts."""

from shadowscan.collect.formats._first_row import first_rows
from shadowscan.collect.formats._pod import controller_of

_ENDPOINT = "STRUCT(namespace VARCHAR, pod_name VARCHAR, workloads STRUCT(name VARCHAR)[])"
_PORTS = "STRUCT(source_port INTEGER, destination_port INTEGER)"
EVENT = f"""STRUCT(
  "time" VARCHAR, node_name VARCHAR, lost_events STRUCT(num_events_lost VARCHAR), node_status JSON, agent_event JSON,
  debug_event JSON,
  flow STRUCT(
    "time" VARCHAR, verdict VARCHAR, is_reply BOOLEAN, "Type" VARCHAR, traffic_direction VARCHAR, node_name VARCHAR,
    IP STRUCT("source" VARCHAR, destination VARCHAR),
    l4 STRUCT(TCP {_PORTS}, UDP {_PORTS}, SCTP {_PORTS}, ICMPv4 JSON, ICMPv6 JSON),
    "source" {_ENDPOINT}, destination {_ENDPOINT}, destination_names VARCHAR[],
    l7 STRUCT(
      "type" VARCHAR,
      dns STRUCT("query" VARCHAR, ips VARCHAR[], ttl BIGINT, cnames VARCHAR[], rcode INTEGER, qtypes VARCHAR[]),
      http STRUCT("method" VARCHAR, url VARCHAR)
    )
  )
)"""


def _workload(endpoint: str) -> str:
    pod = controller_of(f"{endpoint}.pod_name")
    return f"'k8s/' || {endpoint}.namespace || '/' || coalesce({endpoint}.workloads[1].name, nullif({pod}, ''))"


STAGE = f"""
create or replace temp table hubble_event as
select
  r.file_index::bigint as file,
  try_cast(coalesce(f."time", e."time") as timestamptz)::timestamp as seen_at,
  case
    when e.lost_events is not null then 'lost'
    when e.node_status is not null or e.agent_event is not null or e.debug_event is not null then 'status'
    when f.IP is null or f.verdict is null then null
    when f.l7.dns is not null then 'dns'
    when f.l7.http is not null then 'http'
    when f."Type" = 'SOCK' or f.l7 is not null or coalesce(f.is_reply, false) then 'other'
    else 'flow'
  end as kind,
  coalesce(f.node_name, e.node_name) as node,
  f.verdict in ('DROPPED', 'ERROR') as is_dropped,
  f.IP."source" as source_text,
  f.IP.destination as target_text,
  coalesce(f.l4.TCP.source_port, f.l4.UDP.source_port, f.l4.SCTP.source_port) as source_port,
  coalesce(f.l4.TCP.destination_port, f.l4.UDP.destination_port, f.l4.SCTP.destination_port) as target_port,
  case
    when f.l4.TCP is not null then 6
    when f.l4.UDP is not null then 17
    when f.l4.SCTP is not null then 132
    when f.l4.ICMPv4 is not null then 1
    when f.l4.ICMPv6 is not null then 58
  end as protocol,
  {_workload("f.source")} as source_workload,
  {_workload("f.destination")} as target_workload,
  f.destination_names as names,
  f.l7 as l7
from (
  select file_index, e, e.flow as f
  from read_json(
    $paths,
    format = 'newline_delimited',
    records = false,
    ignore_errors = true,
    hive_partitioning = false,
    columns = {{e: '{EVENT}'}}
  )
) as r
"""  # noqa: S608  # our own constants only

LINES = first_rows("hubble_event", "hubble_line")

# The datapath tells a connection many times while it lasts. A line that is no event is refused with its number.
FLOWS = """
with placed as (
  select
    e.*,
    e.rowid - l.first_rowid + 1 as line,
    row_number() over (
      partition by
        e.file, e.kind, e.source_text, e.source_port, e.target_text, e.target_port, e.protocol, e.is_dropped,
        date_trunc('minute', e.seen_at), case when e.kind is distinct from 'flow' then e.rowid end
      order by e.rowid
    ) as number
  from hubble_event as e
  join hubble_line as l on l.file = e.file
  where e.kind is null
     or e.kind in ('flow', 'lost')
)
select
  *,
  case when kind is null then 'foreign' when kind = 'lost' then 'skipdata' end as status,
  seen_at as started_at,
  seen_at as ended_at,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  null::varchar as flow_direction,
  0 as bytes,
  0 as packets
from placed
where number = 1
order by file, line
"""

FLOW_COLUMNS = {
    "sensor": "'hubble'",
    "account_id": "path_account_id",
    "interface_id": "coalesce('hubble/' || node, 'unknown')",
    "region": "path_region",
    "workload": "coalesce(case when is_out then source_workload else target_workload end, 'unknown')",
    "action": "case when is_dropped then 'reject' else 'accept' end",
}

# Codes: RFC 1035 4.1.1. A request counts where it was dropped: else its response tells it.
QUESTIONS = """
with placed as (
  select e.*, e.rowid - l.first_rowid + 1 as line
  from hubble_event as e
  join hubble_line as l on l.file = e.file
),
asked as (
  select
    file,
    line,
    seen_at as queried_at,
    l7.dns."query" as name,
    coalesce(l7.dns.qtypes[1], case when contains(l7.dns.ips[1], ':') then 'AAAA' else 'A' end) as query_type,
    coalesce(
      list_extract(['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'], coalesce(l7.dns.rcode, 0) + 1),
      l7.dns.rcode::varchar
    ) as response_code,
    case when l7."type" = 'RESPONSE' then target_text else source_text end as client_text,
    l7.dns.ips as ips,
    l7.dns.cnames as cnames,
    l7.dns.ttl as ttl,
    is_dropped
  from placed
  where kind = 'dns'
    and (l7."type" = 'RESPONSE' or is_dropped)
),
named as (
  select file, line, seen_at, source_text, target_text, unnest(names) as name
  from placed
  where kind = 'flow'
    and len(names) > 0
),
told as (
  select
    file, min(line) as line, min(seen_at) as queried_at, name,
    case when contains(target_text, ':') then 'AAAA' else 'A' end as query_type, null::varchar as response_code,
    source_text as client_text, [target_text] as ips, null::varchar[] as cnames, null::bigint as ttl,
    false as is_dropped
  from named
  group by file, name, source_text, target_text, date_trunc('hour', seen_at)
)
select
  * exclude (ips, cnames, ttl),
  [{'rdata': r, 'type': 'CNAME', 'ttl': ttl} for r in coalesce(cnames, [])] || [
    {'rdata': r, 'type': case when contains(r, ':') then 'AAAA' else 'A' end, 'ttl': ttl} for r in coalesce(ips, [])
  ] as answers
from (
  select *
  from asked
  union all by name
  select *
  from told
)
order by file, line
"""

QUESTION_COLUMNS = {
    "account_id": "path_account_id",
    "vpc_id": "'unknown'",
    "region": "path_region",
    "instance_id": "'unknown'",
    "action": "case when is_dropped then 'block' else 'allow' end",
}

HOSTS = """
select
  e.*,
  e.rowid - l.first_rowid + 1 as line,
  e.seen_at as started_at,
  null::timestamp as ended_at,
  e.source_text as client_text,
  e.source_port as client_port,
  e.target_text as remote_text,
  e.target_port as remote_port,
  regexp_extract(e.l7.http.url, '^[A-Za-z][A-Za-z0-9+.-]*://([^/?#@]+)', 1) as host,
  e.l7.http.url as url
from hubble_event as e
join hubble_line as l on l.file = e.file
where e.kind = 'http'
  and e.l7."type" = 'REQUEST'
  and regexp_matches(e.l7.http.url, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#@]')
"""

HOST_COLUMNS = {
    "sensor": "'hubble'",
    "account_id": "path_account_id",
    "region": "path_region",
    "workload": "coalesce(source_workload, 'unknown')",
    "protocol": "coalesce(protocol, 6)",
    "named_by": "'http_host'",
    "action": "case when is_dropped then 'reject' else 'accept' end",
}
