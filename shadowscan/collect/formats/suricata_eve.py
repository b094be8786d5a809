r"""Suricata's EVE log (`eve.json`): JSON lines, plain or gzip; one JSON array or records without line breaks too.

Real shapes, one object a line; `event_type` decides the rest::

    {"timestamp":"2026-08-01T00:00:02.100000+0000","flow_id":1204461541731046,"in_iface":"eth0","event_type":"tls",
     "src_ip":"10.0.1.16","src_port":50100,"dest_ip":"203.0.113.60","dest_port":443,"proto":"TCP",
     "tls":{"subject":"CN=api.groq.com","sni":"api.groq.com","version":"TLS 1.3"}}
    {… "event_type":"dns", … "dns":{"version":3,"type":"response","id":7,"rcode":"NOERROR",
     "queries":[{"rrname":"api.groq.com","rrtype":"A"}],
     "answers":[{"rrname":"api.groq.com","rrtype":"A","ttl":300,"rdata":"203.0.113.60"}]}}
    {… "event_type":"flow", … "app_proto":"tls","flow":{"pkts_toserver":20,"pkts_toclient":30,"bytes_toserver":4000,
     "bytes_toclient":44000,"start":"2026-08-01T00:00:02.000000+0000","end":"2026-08-01T00:00:40.000000+0000"}}

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`flow` events                            `flow`, a row each way; the answer's only where there was one. The private side
                                         is the client, else the source
`netflow` events                         `flow`, one direction each; where a `flow` event tells the same connection it
                                         is counted once, and a `coverage_note` says how often
`drop` events, `alert` events that       `flow` with `action` `reject` and no bytes, so that the attempt is not lost;
blocked a connection and name no host    not where a `flow` event tells it
`tls` and `quic` events with `sni`       `tls_connection`, `named_by` `sni`; one that an alert or a drop of the same
                                         connection blocked is `reject`
`http` events with `hostname`            `tls_connection`, `named_by` `http_host`, `url` as `path` without its query; a
                                         CONNECT, and a URL with a host in it, went to a proxy: `named_by` `connect`,
                                         the server's address `unknown`
`alert` events with any of these         `tls_connection`, where no event of its connection names a host
`dns` events, version 2 and 3            `dns_query`; a request is not counted beside its response (same `flow_id`,
                                         `dns.id`). `dns_answer` for each A and AAAA among `answers`, with its TTL, else
                                         of `grouped`, which has none; CNAME entries are the `cname_chain`
`src_ip` `src_port` `dest_ip` …          client and server. What is logged by packet, such as a `dns` response of
                                         version 3, has the server first: turned where its port is the lower one
`flow.action` `alert.action`             `action`: `drop`, `blocked`, `reject` are `reject`
`verdict.action`
`flow_id`                                `connection_id`: ties the events of one connection
`flow.start` `flow.end`                  `started_at` `ended_at`, UTC; other events have their `timestamp`. A time
                                         without a zone is taken as UTC
`proto`                                  `protocol`
`host` `in_iface`                        `interface_id` as `suricata/HOST/INTERFACE`: the point of observation
=======================================  ==============================================================================

Events of other types (`fileinfo`, `stats`, `mdns`, …) are passed by. `sensor` is `suricata`; it knows neither account
nor network, which the options `account_id` and `region` of the source give. `line` is the record's number.

Sources: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html, and `etc/schema.json`,
`src/output-json-dns.c`, `src/output-json-netflow.c` in https://github.com/OISF/suricata (whose side comes first).
Doubts: `dns` of version 1, which Suricata 7 dropped, gives its questions only: an answer of it does not repeat what was
asked. `http.length` is not kept as bytes: the `flow` event has them.
"""

from collections.abc import Sequence
from typing import Any

from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._eve import EVENT, EVENT_KEYS, drop_events, stage_events, take_connections
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# `records = false` gives the whole object as one column, null where the line is none.
RECORDS = f"""
select
  r.file_index::bigint as file,
  r.e,
  nullif(concat_ws('/', r.e.host, r.e.in_iface), '') as sensor_name,
  null::varchar as az,
  null::timestamp as received_at,
  null::varchar as default_kind
from read_json(
  $paths,
  format = 'newline_delimited',
  records = false,
  ignore_errors = true,
  hive_partitioning = false,
  columns = {{e: '{EVENT}'}}
) as r
"""  # noqa: S608  # our own constants only

# An answer of version 1 is one record of the answer under that record's own name: no question.
QUESTIONS = """
with asked as (
  select
    e.*,
    e.rowid - f.first_rowid + 1 as line,
    e.dns."type" in ('answer', 'response') as is_answer,
    coalesce(e.dns.rrname, e.dns.queries[1].rrname) as asked_name
  from eve_event as e
  join eve_first as f on f.file = e.file
  where e.kind = 'dns'
    and e.dns.rdata is null
),
answered as (
  select distinct file, flow_id, dns.id as id
  from asked
  where is_answer
    and flow_id is not null
)
select
  a.*,
  a.logged_at as queried_at,
  a.asked_name as name,
  coalesce(a.dns.rrtype, a.dns.queries[1].rrtype) as query_type,
  a.dns.rcode as response_code,
  a.source_text as client_text,
  case
    when a.dns.answers is not null
    then [{'type': upper(r.rrtype), 'rdata': r.rdata, 'ttl': r.ttl} for r in a.dns.answers]
    else [{'type': 'CNAME', 'rdata': r, 'ttl': null::bigint} for r in coalesce(a.dns.grouped.CNAME, [])]
      || [{'type': 'A', 'rdata': r, 'ttl': null::bigint} for r in coalesce(a.dns.grouped.A, [])]
      || [{'type': 'AAAA', 'rdata': r, 'ttl': null::bigint} for r in coalesce(a.dns.grouped.AAAA, [])]
  end as answers
from asked as a
left join answered as r on not a.is_answer and r.file = a.file and r.flow_id = a.flow_id and r.id = a.dns.id
where r.id is null
  and a.asked_name <> ''
"""

HOST_COLUMNS = {"sensor": "'suricata'", "region": "path_region"}
FLOW_COLUMNS = HOST_COLUMNS | {
    "interface_id": "case when sensor_name = 'unknown' then 'unknown' else 'suricata/' || sensor_name end"
}
QUESTION_COLUMNS = {
    "account_id": "path_account_id",
    "vpc_id": "'unknown'",
    "region": "path_region",
    "instance_id": "'unknown'",
    "action": "'allow'",
}
TTL = "coalesce(answer.ttl, -1)"

ALL_EVENTS = frozenset({"timestamp", "event_type"})
WITHOUT_ADDRESSES = frozenset({"stats", "engine", "arp"})


class SuricataEve:
    """Suricata's EVE events."""

    id = "suricata_eve"
    title = "Suricata EVE log (JSON lines)"
    tables = ("flow", "dns_query", "dns_answer", "tls_connection", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first records that are events between two addresses, or Suricata's own figures."""
        records = sample_records(head)
        return round(0.97 * sum(map(_is_event, records)) / len(records), 2) if records else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows, blocked attempts, questions, answered addresses and hosts."""
        with lay_lines(items) as laid:
            stage_events(engine, RECORDS, laid.paths)
        connections = take_connections(engine, items, FLOW_COLUMNS, HOST_COLUMNS)
        questions = take_questions(engine, items, DnsRecords(QUESTIONS, QUESTION_COLUMNS, ttl=TTL))
        drop_events(engine)
        return {
            source_id: add_refused(add_up(found, questions[source_id].normalised()), laid.refused.get(source_id))
            for source_id, found in connections.items()
        }


FORMAT = SuricataEve()


def _is_event(record: dict[str, Any]) -> bool:
    kind = record.get("event_type")
    return record.keys() >= ALL_EVENTS and (
        record.keys() >= EVENT_KEYS or (isinstance(kind, str) and kind in WITHOUT_ADDRESSES)
    )
