r"""OCSF network, DNS and HTTP activity: Amazon Security Lake's Parquet (both source versions), and JSON of any product.

Real shape as JSON, one object a line; Parquet has the same nesting as structs (numbers int or bigint, `time_dt`
timestamp, `unmapped` a map)::

    {"class_uid":4001,"time":1785542400000,"start_time_dt":"2026-08-01T00:00:00Z","end_time_dt":"2026-08-01T00:00:58Z",
     "metadata":{"product":{"name":"Amazon VPC","feature":{"name":"Flowlogs"},"vendor_name":"AWS"},"version":"1.1.0"},
     "cloud":{"account":{"uid":"123456789012"},"region":"us-east-1","provider":"AWS"},"src_endpoint":{"ip":"10.0.1.5",
     "port":49152,"vpc_uid":"vpc-0aa","interface_uid":"eni-0dd", …},"dst_endpoint":{"ip":"203.0.113.10","port":443},
     "connection_info":{"protocol_num":6,"direction":"Outbound"},"traffic":{"packets":12,"bytes":5840},
     "action":"Allowed","status_code":"OK"}

=========================================  ============================================================================
field                                      becomes
=========================================  ============================================================================
class 4001, network activity               `flow`
class 4003, DNS activity                   `dns_query` and `dns_answer`
class 4002, HTTP activity, and 4001 with   `tls_connection`; an HTTP activity without a host is passed by
`tls.sni`
other classes                              one `coverage_note` an object, `other_class`, with their number
`time_dt` `start_time_dt` `end_time_dt`,   start and end; the texts count before the numbers, which may be in seconds
else `time` `start_time` `end_time`        or milliseconds
`cloud.account.uid`, 1.0.0-rc.2            `account_id`, else that of the lake's path `region=…/accountId=…/`
`cloud.account_uid`, else `accountid`
`src_endpoint` `dst_endpoint`              client and remote. `ip` is the packet's, the first of `intermediate_ips` the
                                           interface's; `vpc_uid` `subnet_uid` `interface_uid` `instance_uid` are on the
                                           side that recorded it; `svc_name` of the remote is `remote_service`
`connection_info.direction`                `Outbound` egress, `Inbound` ingress, else the private side is the client
`traffic.bytes` `traffic.packets`          bytes and packets; `bytes_out` and `bytes_in` become a row each way
`action` `disposition` `activity_id` 5     `reject` or `block` where denied, blocked, dropped or refused
`status_code`                              `NODATA` is ignored, `SKIPDATA` is a coverage note
`query.hostname` `query.type` `rcode`      `qname` `qtype` `rcode` in the words of DNS: `ServError` is `SERVFAIL`
`answers[]`                                addresses, CNAMEs in order, TTL where there is one
`dst_endpoint.instance_uid` of DNS         `resolver_id`
`http_request.url.hostname` `path`         `host` `path`; `named_by` `connect` for the method CONNECT
=========================================  ============================================================================

`sensor` is `flow_log` for the product Amazon VPC, `proxy` for HTTP activity, else `firewall`.

Sources: https://schema.ocsf.io (classes), https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS (how AWS
fills them, both versions), https://docs.aws.amazon.com/security-lake/latest/userguide/subscriber-query-examples2.html.
Doubts: what source version 1 says of an alert of DNS Firewall (read as allowed).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from shadowscan.collect.formats import _ocsf_sql as sql
from shadowscan.collect.formats._delivery_path import list_objects
from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._flow import FlowRecords, create_time_macros, take_flows
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._ocsf_fields import Records, json_records, parquet_records
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats._tls import TlsRecords, take_hosts
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

FLOW, HTTP, DNS = 4001, 4002, 4003
CLASSES = frozenset({FLOW, HTTP, DNS})
SHARED_KEYS = frozenset({"metadata", "src_endpoint"})
PARQUET = b"PAR1"
_TRAFFIC_COLUMN = re.compile(rb"connection_info|rcode|http_method")


class Ocsf:
    """OCSF network, DNS and HTTP activity."""

    id = "ocsf"
    title = "OCSF network, DNS and HTTP activity (Security Lake Parquet, JSON)"
    tables = ("flow", "dns_query", "dns_answer", "tls_connection", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A Parquet footer with a class and a traffic column, or the share of first records of our classes."""
        if head.data.startswith(PARQUET):
            ours = b"class_uid" in head.data and b"src_endpoint" in head.data
            return 0.95 if ours and _TRAFFIC_COLUMN.search(head.data) else 0.0
        records = sample_records(head)
        hits = sum(record.get("class_uid") in CLASSES and bool(record.keys() & SHARED_KEYS) for record in records)
        return round(0.5 + 0.45 * hits / len(records), 2) if hits else 0.0

    def group_key(self, item: LocalObject) -> str:
        """One container, one key."""
        return "parquet" if item.head.data.startswith(PARQUET) else "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert what the records of our classes say."""
        create_time_macros(engine)
        found: dict[int, Normalised] = {}
        if self.group_key(items[0]) == "parquet":
            for records in parquet_records(engine, items):
                found |= _take(engine, _with_shared(records))
            return found
        with lay_lines(items) as laid, _staged(engine, json_records(items, laid.paths)) as records:
            found = _take(engine, records)
        return {source_id: add_refused(result, laid.refused.get(source_id)) for source_id, result in found.items()}


FORMAT = Ocsf()


@contextmanager
def _staged(engine: DuckDBEngine, records: Records) -> Iterator[Records]:
    """JSON is read once, and every class takes its records from there."""
    engine.query(sql.STAGE.replace("{read}", _with_shared(records).read), records.parameters)
    engine.query(sql.FIRST_ROWS)
    yield Records(records.items, sql.READ_STAGED, {})
    engine.query("drop table ocsf_first")
    engine.query("drop table ocsf_record")


def _with_shared(records: Records) -> Records:
    return replace(records, read=sql.SHARED.replace("{read}", records.read))


def _take(engine: DuckDBEngine, records: Records) -> dict[int, Normalised]:
    """One pass for each class that is there; a line that is no record at all is refused as a flow."""
    items = records.items
    results = {item.source_id: Normalised({}) for item in items}
    classes = {
        class_uid for (class_uid,) in engine.query(sql.CLASSES.replace("{read}", records.read), records.parameters).rows
    }
    if classes & {FLOW, None}:
        flows = FlowRecords(sql.FLOWS.replace("{read}", records.read), sql.FLOW_COLUMNS, records.parameters)
        for source_id, flow_count in take_flows(engine, items, flows).items():
            results[source_id] = add_up(results[source_id], flow_count.normalised())
    if DNS in classes:
        questions = DnsRecords(
            sql.QUESTIONS.replace("{read}", records.read),
            sql.QUESTION_COLUMNS,
            records.parameters,
            ttl="coalesce(answer.ttl, -1)",
        )
        for source_id, dns_count in take_questions(engine, items, questions).items():
            results[source_id] = add_up(results[source_id], dns_count.normalised())
    if classes & {FLOW, HTTP}:
        hosts = TlsRecords(sql.HOSTS.replace("{read}", records.read), sql.HOST_COLUMNS, records.parameters)
        for source_id, host_count in take_hosts(engine, items, hosts).items():
            results[source_id] = add_up(results[source_id], host_count.normalised())
    if classes - CLASSES - {None}:
        _note_others(engine, records, results)
    return results


def _note_others(engine: DuckDBEngine, records: Records, results: dict[int, Normalised]) -> None:
    list_objects(engine, records.items)
    engine.query(sql.INSERT_OTHERS.replace("{read}", records.read), records.parameters)
    noted = engine.query(sql.COUNT_OTHERS, {"source_ids": [item.source_id for item in records.items]}).rows
    for source_id, count in noted:
        results[source_id] = add_up(results[source_id], Normalised({"coverage_note": count}))
    engine.query("drop table read_object")
