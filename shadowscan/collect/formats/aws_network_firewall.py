r"""AWS Network Firewall logs: flow, alert and TLS inspection logs, JSON lines as S3 delivers them.

Real shapes, one object a line; the event is in Suricata's EVE form::

    {"firewall_name":"fw1","availability_zone":"us-east-1a","event_timestamp":"1785542462",
     "event":{"timestamp":"2026-08-01T00:01:02.000000+0000","flow_id":9,"event_type":"netflow","src_ip":"10.0.1.5",
     "src_port":49152,"dest_ip":"203.0.113.10","dest_port":443,"proto":"TCP","netflow":{"pkts":12,"bytes":5840,
     "start":"2026-08-01T00:00:02.000000+0000","end":"2026-08-01T00:00:40.000000+0000","age":38}}}
    {"firewall_name":"fw1", … "event":{… "event_type":"alert", … "app_proto":"tls","alert":{"action":"allowed", …},
     "tls":{"sni":"api.openai.com","version":"TLS 1.3"}}}
    {"firewall_name":"fw1","availability_zone":"us-east-1d","event_timestamp":1785542464,
     "event":{"timestamp":"2026-08-01T00:01:04.412778Z","src_ip":"10.0.2.53","src_port":"59844","dest_ip":"10.0.1.27",
     "dest_port":"443","sni":"api.openai.com","tls_error":{"error_message":"…"}}}

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`netflow` events                         `flow`, one direction each; the private side is the client
`alert` events with `tls.sni`            `tls_connection`, `named_by` `sni`
`alert` events with `http.hostname`      `tls_connection`, `named_by` `http_host`; `http.url` gives `path`, without its
                                         query
`alert` events that blocked a            `flow` with `action` `reject` and no bytes, so that the attempt is not lost and
connection and name no host              what the firewall counted of it can be told to be no egress
events without a type, with `sni`        `tls_connection`: a TLS inspection log. `tls_error` and a `revocation_check`
                                         that did not pass are `reject`
`src_ip` `src_port` `dest_ip` …          client and server of an alert: those of `flow` where the event has it, turned
                                         where `direction` is `to_client`
`alert.action` `verdict.action`          `action`: `blocked`, `drop`, `reject` are `reject`
`flow_id`                                `connection_id`: ties flow and alert of one connection
`netflow.start` `netflow.end`            `started_at` `ended_at`; an alert's own `timestamp`, else `event_timestamp`
`proto`                                  `protocol`
`firewall_name`                          `interface_id` as `firewall/NAME`: the point of observation
`availability_zone`                      `az`, and `region` where the delivery path does not say
delivery path                            `account_id` `region`, of `AWSLogs/ACCOUNT/network-firewall/KIND/REGION/`
=======================================  ==============================================================================

An alert that names no host and blocked nothing says nothing about egress and is passed by. The network is unknown: a
firewall stands between several. `sensor` is `firewall`.

Sources: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html,
https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-logging.html, and public test data of
log shippers for ports as strings and `event_timestamp` as a number.
Doubts: whether a netflow record of a dropped connection can be told from the record alone.
"""

from collections.abc import Sequence

from shadowscan.collect.formats._flow import FlowCount, FlowRecords, create_time_macros, take_flows
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._tls import TlsCount, TlsRecords, take_hosts
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

STAGE = """
create or replace temp table firewall_event as
with record as (
  select
    r.file_index::bigint as file,
    r.firewall_name,
    r.availability_zone,
    r.event_timestamp,
    r.event as e,
    r.event.event_type = 'alert' and r.event.direction = 'to_client' as is_answer
  from read_json(
    $paths,
    format = 'newline_delimited',
    ignore_errors = true,
    hive_partitioning = false,
    columns = {
      firewall_name: 'VARCHAR',
      availability_zone: 'VARCHAR',
      event_timestamp: 'BIGINT',
      event: 'STRUCT(
        "timestamp" VARCHAR, flow_id VARCHAR, event_type VARCHAR, direction VARCHAR, src_ip VARCHAR, src_port INTEGER,
        dest_ip VARCHAR, dest_port INTEGER, proto VARCHAR, sni VARCHAR,
        flow STRUCT(src_ip VARCHAR, src_port INTEGER, dest_ip VARCHAR, dest_port INTEGER),
        netflow STRUCT(pkts BIGINT, bytes BIGINT, "start" VARCHAR, "end" VARCHAR),
        alert STRUCT("action" VARCHAR), verdict STRUCT("action" VARCHAR), tls STRUCT(sni VARCHAR),
        quic STRUCT(sni VARCHAR), http STRUCT(hostname VARCHAR, url VARCHAR), tls_error STRUCT(error_message VARCHAR),
        revocation_check STRUCT("action" VARCHAR)
      )'
    }
  ) as r
)
select
  file,
  coalesce(firewall_name, 'unknown') as firewall_name,
  coalesce(availability_zone, 'unknown') as az,
  coalesce(e.event_type, case when e is not null then 'tls_inspection' end) as kind,
  e.flow_id,
  coalesce(e.flow.src_ip, case when is_answer then e.dest_ip else e.src_ip end) as source_text,
  coalesce(e.flow.src_port, case when is_answer then e.dest_port else e.src_port end) as source_port,
  coalesce(e.flow.dest_ip, case when is_answer then e.src_ip else e.dest_ip end) as target_text,
  coalesce(e.flow.dest_port, case when is_answer then e.src_port else e.dest_port end) as target_port,
  case upper(e.proto) when 'TCP' then 6 when 'UDP' then 17 when 'ICMP' then 1 when 'IPV6-ICMP' then 58 end as protocol,
  coalesce(try_cast(e."timestamp" as timestamptz)::timestamp, epoch_time(event_timestamp)) as logged_at,
  try_cast(e.netflow."start" as timestamptz)::timestamp as flow_started_at,
  try_cast(e.netflow."end" as timestamptz)::timestamp as flow_ended_at,
  e.netflow.bytes as bytes,
  e.netflow.pkts as packets,
  nullif(coalesce(e.tls.sni, e.quic.sni, e.sni), '-') as sni,
  e.http.hostname as http_host,
  e.http.url as url,
  case
    when lower(e.alert."action") = 'blocked' then 'reject'
    when lower(e.verdict."action") in ('drop', 'reject') then 'reject'
    when e.tls_error is not null and e.tls_error.error_message is not null then 'reject'
    when lower(e.revocation_check."action") in ('drop', 'reject') then 'reject'
    else 'accept'
  end as action
from record
"""

FIRST_ROWS = """
create or replace temp table firewall_first as
select file, min(rowid) as first_rowid
from firewall_event
group by file
"""

# A line that is no event at all comes here too, so that it is refused with its number.
FLOWS = """
select
  e.* exclude (logged_at, flow_started_at, flow_ended_at),
  e.rowid - f.first_rowid + 1 as line,
  null::varchar as status,
  coalesce(flow_started_at, logged_at) as started_at,
  coalesce(flow_ended_at, logged_at) as ended_at,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  null::varchar as flow_direction
from firewall_event as e
join firewall_first as f on f.file = e.file
where kind is null
   or kind = 'netflow'
   or (kind = 'alert' and action = 'reject' and sni is null and http_host is null)
"""

HOSTS = """
select
  e.*,
  e.rowid - f.first_rowid + 1 as line,
  logged_at as started_at,
  null::timestamp as ended_at,
  source_text as client_text,
  source_port as client_port,
  target_text as remote_text,
  target_port as remote_port,
  coalesce(sni, http_host) as host
from firewall_event as e
join firewall_first as f on f.file = e.file
where kind in ('alert', 'tls_inspection')
  and coalesce(sni, http_host, '') <> ''
"""

_REGION = (
    "coalesce(nullif(path_region, 'unknown'), nullif(regexp_extract(az, '^[a-z]{2}(?:-[a-z]+)+-[0-9]'), ''), 'unknown')"
)

FLOW_COLUMNS = {
    "sensor": "'firewall'",
    "account_id": "path_account_id",
    "interface_id": "'firewall/' || firewall_name",
    "region": _REGION,
    "az": "az",
    "action": "action",
    "connection_id": "coalesce(flow_id, 'unknown')",
}

HOST_COLUMNS = {
    "sensor": "'firewall'",
    "account_id": "path_account_id",
    "region": _REGION,
    "protocol": "coalesce(protocol, 6)",
    "connection_id": "coalesce(flow_id, 'unknown')",
    "named_by": "case when sni is not null then 'sni' else 'http_host' end",
    "action": "action",
}

EVENT_KEYS = frozenset({"src_ip", "dest_ip"})


class AwsNetworkFirewall:
    """AWS Network Firewall flow, alert and TLS logs."""

    id = "aws_network_firewall"
    title = "AWS Network Firewall logs (JSON lines)"
    tables = ("flow", "tls_connection")

    def sniff(self, head: Head) -> float:
        """Share of the first records that name a firewall and hold an event between two addresses."""
        records = sample_records(head)
        hits = sum(
            "firewall_name" in record and isinstance(event := record.get("event"), dict) and event.keys() >= EVENT_KEYS
            for record in records
        )
        return round(0.97 * hits / len(records), 2) if records else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows, blocked attempts and the hosts the firewall read."""
        create_time_macros(engine)
        with lay_lines(items) as laid:
            engine.query(STAGE, {"paths": laid.paths})
        engine.query(FIRST_ROWS)
        flows = take_flows(engine, items, FlowRecords(FLOWS, FLOW_COLUMNS))
        hosts = take_hosts(engine, items, TlsRecords(HOSTS, HOST_COLUMNS))
        for table in ("firewall_event", "firewall_first"):
            engine.query(f"drop table {table}")
        return {
            item.source_id: add_refused(
                _sum(flows[item.source_id], hosts[item.source_id]), laid.refused.get(item.source_id)
            )
            for item in items
        }


FORMAT = AwsNetworkFirewall()


def _sum(flows: FlowCount, hosts: TlsCount) -> Normalised:
    moments = [
        moment for moment in (flows.first_at, hosts.first_at, flows.last_at, hosts.last_at) if moment is not None
    ]
    return Normalised(
        {"flow": flows.flows, "tls_connection": hosts.seen},
        flows.refused + hosts.refused,
        flows.sample or hosts.sample,
        min(moments, default=None),
        max(moments, default=None),
    )
