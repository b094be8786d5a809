"""Requests through an egress proxy of any product, into `tls_connection`, and `flow` where only an address was asked.

A format gives one query over its lines, `read`, with one row a request and these columns, null where the log has none:

- `file` `line`; `is_matched`: false for a line that is none of this log, which is refused
- `started_at` `ended_at`: timestamps, UTC
- `client` `server`: addresses as logged, with or without a port, IPv6 with a port in brackets; `client_port`
  `server_port`: numbers, where they stand apart
- `method` `target`: of the request line; a CONNECT's `host:port`, or a URI with a host, is what the proxy was asked for
- `sni` `host`: the name in the TLS hello, and any other word for the host: a header, the upstream's name
- `bytes_out` `bytes_in`: as the client sees them; `protocol`: its number, null for TCP
- `is_refused`: the proxy refused or never reached the server: an attempt
- `is_foreign`: null, or true for what is no egress by its own word
- `sensor` `workload`: as in `tls_connection`

What the proxy was asked for comes first, then `sni`, then `host`. A request that names no host and no server was meant
for the proxy itself, or the log says too little: it is no row, and a note counts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shadowscan.collect.formats import _http_target as http
from shadowscan.collect.formats._address import create_macros
from shadowscan.collect.formats._flow import FlowRecords, create_time_macros, take_flows
from shadowscan.collect.formats._layout import Layout
from shadowscan.collect.formats._lines import stage_lines
from shadowscan.collect.formats._log_time import CREATE_IN_ZONE
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats._tls import TlsRecords, take_hosts
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# A request's milliseconds as an interval; no request lasts thirty years, whatever a line says.
CREATE_LASTING = """
create or replace temp macro lasting(milliseconds) as
  case when milliseconds is not null then to_milliseconds(least(greatest(milliseconds, 0), 1000000000000)) end
"""
CREATE_PLACE_ADDRESS = r"""
create or replace temp macro place_address(place) as
  case
    when starts_with(place, '[') then regexp_extract(place, '^\[([^\]]*)\]', 1)
    else regexp_replace(place, '^([^:]*):[0-9]*$', '\1')
  end
"""
CREATE_PLACE_PORT = r"""
create or replace temp macro place_port(place) as
  try_cast(regexp_extract(place, '^(?:\[[^\]]*\]|[^:]*):([0-9]{1,5})$', 1) as integer)
"""

STAGE = f"""
create or replace temp table proxy_request as
with record as (
  {{read}}
),
asked as (
  select
    *,
    case when coalesce({http.is_proxied("method", "target")}, false) then {http.asked_host("target")} end as asked,
    {http.asked_port("target")} as asked_port,
    {http.url_of("method", "target")} as url
  from record
),
named as (
  select
    * exclude (asked, asked_port, host, sni, client, server, client_port, server_port),
    coalesce(asked, sni, host) as place,
    case when asked is not null then 'connect' when sni is not null then 'sni' else 'http_host' end as named_by,
    place_address(client) as client_text,
    coalesce(client_port, place_port(client)) as client_port,
    place_address(server) as server_text,
    coalesce(
      case when asked is not null then asked_port end,
      place_port(coalesce(sni, host)),
      server_port,
      place_port(server)
    ) as server_port
  from asked
),
judged as (
  select
    *,
    place_address(place) as host,
    is_ipv4_text(place_address(place)) or contains(place_address(place), ':') as is_address
  from named
)
select
  * exclude (server_text),
  coalesce(case when is_address then host end, server_text) as server_text,
  case
    when not is_matched then 'foreign'
    when is_foreign then 'no_egress'
    when coalesce(host, '') <> '' and not is_address then 'host'
    when is_ipv4_text(coalesce(host, server_text)) or contains(coalesce(host, server_text), ':') then 'address'
    else 'no_host'
  end as kind
from judged
"""  # noqa: S608  # our own constants only

HOSTS = """
select
  file,
  line,
  started_at,
  ended_at,
  client_text,
  client_port,
  server_text as remote_text,
  server_port as remote_port,
  host,
  url,
  named_by,
  bytes_out,
  bytes_in,
  protocol,
  is_refused,
  sensor,
  workload
from proxy_request
where kind = 'host'
"""

# A line that is none of this log comes here too, so that it is refused with its number.
FLOWS = """
with counted as (
  select *, unnest(case when bytes_in > 0 then [false, true] else [false] end) as is_answer
  from proxy_request
  where kind in ('address', 'foreign')
)
select
  file,
  line,
  case when kind = 'foreign' then 'foreign' end as status,
  is_refused,
  sensor,
  workload,
  started_at,
  ended_at,
  case when is_answer then server_text else client_text end as source_text,
  case when is_answer then client_text else server_text end as target_text,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  case when is_answer then server_port else client_port end as source_port,
  case when is_answer then client_port else server_port end as target_port,
  coalesce(protocol, 6) as protocol,
  case when is_answer then bytes_in else bytes_out end as bytes,
  null::bigint as packets,
  case when is_answer then 'ingress' else 'egress' end as flow_direction
from counted
"""

INSERT_NOTES = """
insert into coverage_note by name
select
  o.source_id,
  'no_host' as kind,
  count(*) || ' records of no request to another host: answered by the proxy itself, or of another kind' as detail,
  count(*) as count,
  min(started_at) as first_at,
  max(started_at) as last_at
from proxy_request as r
join (select unnest(range(len($source_ids))) as file, unnest($source_ids) as source_id) as o on o.file = r.file
where r.kind in ('no_host', 'no_egress')
group by o.source_id
"""

NOTED = """
select source_id
from coverage_note
where kind = 'no_host'
  and list_contains($source_ids, source_id)
"""


SHARED_COLUMNS = {
    "sensor": "sensor",
    "account_id": "path_account_id",
    "region": "path_region",
    "workload": "coalesce(workload, 'unknown')",
    "action": "case when is_refused then 'reject' else 'accept' end",
}
HOST_COLUMNS = SHARED_COLUMNS | {
    "protocol": "coalesce(protocol, 6)",
    "named_by": "named_by",
    "bytes_out": "coalesce(bytes_out, 0)",
    "bytes_in": "coalesce(bytes_in, 0)",
}
FLOW_COLUMNS = SHARED_COLUMNS | {"interface_id": "coalesce(sensor, 'proxy')"}


@dataclass(frozen=True, slots=True)
class ProxyRecords:
    """The requests of some objects, as SQL: see the module. Only our own constants go into `read`."""

    read: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def take_requests(engine: DuckDBEngine, items: Sequence[LocalObject], records: ProxyRecords) -> dict[int, Normalised]:
    """Insert what these objects hold; by `source_id`."""
    create_macros(engine)
    for macro in (CREATE_PLACE_ADDRESS, CREATE_PLACE_PORT, CREATE_LASTING):
        engine.query(macro)
    engine.query(STAGE.replace("{read}", records.read), dict(records.parameters))
    hosts = take_hosts(engine, items, TlsRecords(HOSTS, HOST_COLUMNS))
    flows = take_flows(engine, items, FlowRecords(FLOWS, FLOW_COLUMNS, one_a_line=True))
    ids = {"source_ids": [item.source_id for item in items]}
    engine.query(INSERT_NOTES, ids)
    noted = {row[0] for row in engine.query(NOTED, ids).rows}
    engine.query("drop table proxy_request")
    return {one: _sum(hosts[one].normalised(), flows[one].normalised(), one in noted) for one in ids["source_ids"]}


def take_lines(
    engine: DuckDBEngine,
    items: Sequence[LocalObject],
    layout: Layout,
    read: str,
    values: Mapping[str, object] | None = None,
) -> dict[int, Normalised]:
    """Insert what text logs of one layout hold; by `source_id`.

    `read` is a format's query over `layout.read`, which may use the macro `in_zone`; `values` is what it binds.
    """
    create_time_macros(engine)
    engine.query(CREATE_IN_ZONE)
    refused = stage_lines(engine, [item.path for item in items])
    found = take_requests(engine, items, ProxyRecords(read, layout.parameters | dict(values or {})))
    engine.query("drop table log_line")
    return {
        item.source_id: add_up(found[item.source_id], refused.get(file, Normalised({})))
        for file, item in enumerate(items)
    }


def _sum(hosts: Normalised, flows: Normalised, is_noted: bool) -> Normalised:
    return add_up(flows, hosts, *([Normalised({"coverage_note": 1})] if is_noted else []))
