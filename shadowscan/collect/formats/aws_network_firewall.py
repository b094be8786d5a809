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
                                         query. A CONNECT, and a URL with a host in it, went to a proxy: `named_by`
                                         `connect`, the server's address `unknown`
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

from shadowscan.collect.formats._eve import EVENT, EVENT_KEYS, drop_events, stage_events, take_connections
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

RECORDS = f"""
select
  r.file_index::bigint as file,
  r.event as e,
  r.firewall_name as sensor_name,
  r.availability_zone as az,
  epoch_time(r.event_timestamp) as received_at,
  'tls_inspection' as default_kind
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {{
    firewall_name: 'VARCHAR',
    availability_zone: 'VARCHAR',
    event_timestamp: 'BIGINT',
    event: '{EVENT}'
  }}
) as r
"""  # noqa: S608  # our own constants only

_REGION = (
    "coalesce(nullif(path_region, 'unknown'), nullif(regexp_extract(az, '^[a-z]{2}(?:-[a-z]+)+-[0-9]'), ''), 'unknown')"
)
HOST_COLUMNS = {"sensor": "'firewall'", "region": _REGION}
FLOW_COLUMNS = HOST_COLUMNS | {"interface_id": "'firewall/' || sensor_name"}


class AwsNetworkFirewall:
    """AWS Network Firewall flow, alert and TLS logs."""

    id = "aws_network_firewall"
    title = "AWS Network Firewall logs (JSON lines)"
    tables = ("flow", "tls_connection", "coverage_note")

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
        with lay_lines(items) as laid:
            stage_events(engine, RECORDS, laid.paths)
        found = take_connections(engine, items, FLOW_COLUMNS, HOST_COLUMNS)
        drop_events(engine)
        return {source_id: add_refused(one, laid.refused.get(source_id)) for source_id, one in found.items()}


FORMAT = AwsNetworkFirewall()
