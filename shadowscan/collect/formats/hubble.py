r"""Cilium Hubble flows: what `hubble observe -o json` prints and the agent exports; JSON lines, plain or gzip.

Real shapes, one object a line (here in parts), or one object over several lines as `jq` prints it::

    {"flow":{"time":"2026-08-01T00:00:01.789485280Z","uuid":"52505121-…","verdict":"FORWARDED",
     "IP":{"source":"10.244.1.249","destination":"203.0.113.50","ipVersion":"IPv4"},
     "l4":{"TCP":{"source_port":36742,"destination_port":443,"flags":{"SYN":true}}},
     "source":{"ID":1250,"identity":47651,"cluster_name":"prod","namespace":"search","labels":["k8s:app=ranker", …],
      "pod_name":"ranker-5d78c9869d-8xk2p","workloads":[{"name":"ranker","kind":"Deployment"}]},
     "destination":{"identity":2,"labels":["reserved:world"]},"Type":"L3_L4","node_name":"prod/node-1",
     "destination_names":["api.openai.com"],"traffic_direction":"EGRESS","is_reply":false},
     "node_name":"prod/node-1","time":"2026-08-01T00:00:01.789485280Z"}
    {"flow":{… "l7":{"type":"RESPONSE","dns":{"query":"api.openai.com.","ips":["203.0.113.50"],"ttl":30,
     "qtypes":["A"],"rcode":0}},"Type":"L7", … },"node_name":"prod/node-1","time":"…"}

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`Type` `L3_L4`, no reply                 `flow` without bytes, which Hubble does not count: one row a connection and
                                         minute, the first of its events
`IP` `l4`                                addresses, ports, `protocol`; the private side is the client, else the source
`verdict`                                `action`: `DROPPED` and `ERROR` are `reject`
`source.workloads[]` or `pod_name`       `workload` as `k8s/NAMESPACE/NAME`, of the client's side; a pod's name without
                                         the part that Kubernetes draws
`node_name`                              `interface_id` as `hubble/NODE`: the point of observation
`destination_names`                      `dns_query` and `dns_answer`, one for each client, name, address and hour: what
                                         the node's DNS proxy answered the pod with, told again beside each flow
`l7.dns` of a response                   `dns_query`; `dns_answer` for each of `ips` with `ttl`; `cnames` as
                                         `cname_chain`; `rcode` in words. The client is the destination
`l7.dns` of a request that was dropped   `dns_query` with `action` `block`
`l7.http` of a request                   `tls_connection`, `named_by` `http_host`: host and `path` of `url`
`lost_events`                            a `coverage_note`: how many times events were lost
=======================================  ==============================================================================

Replies, socket and debug events, node and agent status are passed by. `sensor` is `hubble`; it does not know account
and network, which the options `account_id` and `region` of the source give. `line` is the record's number.

Sources: https://docs.cilium.io/en/stable/_api/v1/flow/README/ (fields, and their names in JSON), and an event printed
in https://github.com/cilium/cilium/pull/35415. Doubts: `l7.dns` and `lost_events` were seen as declared in
`flow.proto`, in no printed event; the bare flow that versions before 1.0 printed is not read.
"""

from collections.abc import Sequence
from typing import Any

from shadowscan.collect.formats import _hubble_sql as sql
from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._flow import FlowRecords, take_flows
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats._tls import TlsRecords, take_hosts
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine


class Hubble:
    """Cilium Hubble flows."""

    id = "hubble"
    title = "Cilium Hubble flows (JSON lines)"
    tables = ("flow", "dns_query", "dns_answer", "tls_connection", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first records that are flows with a verdict, or what is told beside them."""
        records = sample_records(head)
        has_flow = any(_is_flow(record) for record in records)
        hits = sum(_is_flow(record) or _is_beside(record) for record in records)
        return round(0.97 * hits / len(records), 2) if has_flow else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows, questions, answered addresses, HTTP hosts and losses."""
        with lay_lines(items) as laid:
            engine.query(sql.STAGE, {"paths": laid.paths})
        engine.query(sql.LINES)
        flows = take_flows(engine, items, FlowRecords(sql.FLOWS, sql.FLOW_COLUMNS))
        questions = take_questions(
            engine, items, DnsRecords(sql.QUESTIONS, sql.QUESTION_COLUMNS, ttl="coalesce(answer.ttl, -1)")
        )
        hosts = take_hosts(engine, items, TlsRecords(sql.HOSTS, sql.HOST_COLUMNS))
        for table in ("hubble_event", "hubble_line"):
            engine.query(f"drop table {table}")
        return {
            source_id: add_refused(
                add_up(*(found[source_id].normalised() for found in (flows, questions, hosts))),
                laid.refused.get(source_id),
            )
            for source_id in flows
        }


FORMAT = Hubble()


def _is_flow(record: dict[str, Any]) -> bool:
    flow = record.get("flow")
    return isinstance(flow, dict) and flow.keys() >= {"verdict", "IP"}


def _is_beside(record: dict[str, Any]) -> bool:
    return "node_name" in record and bool({"lost_events", "node_status", "agent_event", "debug_event"} & record.keys())
