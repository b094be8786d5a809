r"""Google Cloud DNS query logs, as exported from Cloud Logging: JSON lines, JSON arrays, BigQuery as JSON or Parquet.

Real shape, one entry (`logName` ends in `dns.googleapis.com%2Fdns_queries`)::

    {"insertId":"vwroyze8pg7y","logName":"projects/acme-net/logs/dns.googleapis.com%2Fdns_queries",
     "timestamp":"2026-08-01T00:00:08.34Z","resource":{"type":"dns_query","labels":{"project_id":"acme-net",
     "location":"europe-west1","source_type":"gce-vm","target_type":"external"}},
     "jsonPayload":{"queryName":"api.openai.com.","queryType":"A","responseCode":"NOERROR","protocol":"UDP",
     "rdata":"api.openai.com.\t300\tIN\ta\t203.0.113.30","sourceIP":"10.1.0.5","sourceNetwork":"prod",
     "vmInstanceName":"694119234537.etl-1","vmInstanceIdString":"8340998530665147","vmProjectId":"acme-etl",
     "vmZoneName":"europe-west1-b"}}

=====================================  ================================================================================
field                                  becomes
=====================================  ================================================================================
`timestamp`                            `queried_at`, `answered_at`
`queryName`                            `qname`: lower case, no final dot
`queryType` `responseCode`             `qtype` `rcode`
`structuredRdata[]`, else the lines    one `dns_answer` each for A and AAAA, with `ttl_seconds`; CNAME entries are the
of `rdata`: name, TTL, class, type,    `cname_chain`, in order
value, separated by tabs
`sourceIP`                             `client_ip`
`sourceNetwork`                        `vpc_id` as `PROJECT:NETWORK`, PROJECT being that of the log: it belongs to the
                                       network's project
`vmProjectId`                          `account_id`: the VM's own project; that of the log where it is no VM
`vmZoneName` `vmInstanceName`          `instance_id` as `projects/P/zones/Z/instances/VM`; the number and dot before the
                                       name are left out
`resource.labels.location`             `region`
`resource.labels.source_type`          `resolver_id` where it is `inbound-forwarding`: a resolver asked for others
=====================================  ================================================================================

`rdata` is cut at 260 bytes. Where it was, the last line is left out: half an address is another address. Each object in
which that happened gets a `coverage_note` of kind `truncated`; `structuredRdata` is whole.

An entry that is there twice (same log, time and `insertId`) is taken once and noted as `duplicate`. An entry of another
log, or without a time (2000 to 2100) or name, is rejected and counted. `line` counts entries, blank lines left out.

Sources: https://cloud.google.com/dns/docs/monitoring (fields, whose project the log belongs to); typing, the mark `...`
of a cut `rdata` and `structuredRdata` from public test data of log shippers and of Google's own parsers.
Doubts: names that a response policy answered are not told apart, the log does not say which rule did.
"""

from collections.abc import Sequence

from shadowscan.collect.formats import _gcp_dns_sql as sql
from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._gcp_log_entry import (
    CREATE_REPEATED,
    Shape,
    group_key,
    open_entries,
    sniff_log,
)
from shadowscan.collect.formats._json_lines import add_refused
from shadowscan.collect.formats._notes import count_notes, with_notes
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

PAYLOAD: Shape = {
    "queryName": "varchar",
    "queryType": "varchar",
    "responseCode": "varchar",
    "rdata": "varchar",
    "structuredRdata": [{"ttl": "varchar", "type": "varchar", "rvalue": "varchar"}],
    "sourceIP": "varchar",
    "sourceNetwork": "varchar",
    "vmInstanceName": "varchar",
    "vmProjectId": "varchar",
    "vmZoneName": "varchar",
}
LOG = "dns_queries"
FOOTER = (b"responseCode", b"queryName", b"sourceIP")


class GcpDns:
    """Query logs of Cloud DNS."""

    id = "gcp_dns"
    title = "Google Cloud DNS query logs (Cloud Logging JSON, BigQuery JSON or Parquet)"
    tables = ("dns_query", "dns_answer", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first entries whose log is `dns_queries`."""
        return sniff_log(head, LOG, FOOTER)

    def group_key(self, item: LocalObject) -> str:
        """Objects of one layout go together."""
        return group_key(item)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert questions, answered addresses and what the log did not tell."""
        source_ids = {"source_ids": [item.source_id for item in items]}
        with open_entries(engine, items, PAYLOAD) as (entries, parameters, refused):
            engine.query(sql.CREATE_ENTRIES.replace("{entries}", entries), parameters)
        engine.query(CREATE_REPEATED)
        counts = take_questions(engine, items, DnsRecords(sql.RECORDS, sql.COLUMNS, ttl=sql.TTL))
        engine.query(sql.INSERT_NOTES, source_ids)
        notes = count_notes(engine, items)
        for statement in sql.DROP_TABLES:
            engine.query(statement)
        found = {
            source_id: add_refused(count.normalised(), refused.get(source_id)) for source_id, count in counts.items()
        }
        return {source_id: with_notes(result, notes.get(source_id, 0)) for source_id, result in found.items()}


FORMAT = GcpDns()
