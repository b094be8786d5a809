r"""Exports of proxies, secure web gateways and firewalls as CSV, by a mapping: shipped ones, or a file of yours.

Real shapes: a Zscaler NSS feed with a header, the same without one, and Palo Alto Networks' URL filtering log::

    time,login,proto,eurl,action,reqsize,respsize,cip,sip,reqmethod
    "Sat Aug  1 00:00:05 2026",lee@acme.example,HTTPS,api.openai.com/v1/responses,Allowed,5210,102931,10.0.1.5,…
    "Sat Aug  1 00:00:05 2026","lee@acme.example","HTTPS","api.openai.com/","Allowed","OpenAI", …
    1,2026/08/01 00:00:36,012801096514,THREAT,url,2049,2026/08/01 00:00:36,10.0.1.5,203.0.113.50,…,"api.openai.com/",…

=============================================  ========================================================================
meaning in a mapping                           becomes
=============================================  ========================================================================
`time` `date`                                  `started_at`: ISO 8601, epoch seconds to nanoseconds, or the mapping's
                                               `time_formats`; of a time of day alone, on that `date`
`duration` `duration_ms`                       `ended_at`
`client` `client_port`                         client: the user's own address before that of a site's exit
`url` `scheme`                                 `host`, `remote_port`, and `path`, shortened and without its query;
                                               `named_by` `connect`. A URL without a scheme is read too
`sni` `host`                                   `host`, where the URL does not say it
`server` `server_port` `protocol`              server; a row without a name becomes a `flow` to it, both ways
`bytes_out` `bytes_in` `bytes_both`            bytes as the client sees them
`action`                                       `reject` where it is one of `refused`, else where it begins with `block`,
                                               `den`, `drop`, `reject`, `reset` or the like
`workload`                                     `workload`: what stands there is the subject. No shipped mapping uses it:
                                               a department says who pays, its users share addresses
=============================================  ========================================================================

JSON with the same names goes by `proxy_json`. Users' names have no meaning here and are not kept. Times without a zone
are UTC, or of the mapping's `timezone`, or of the option `timezone` of the source. `sensor` is `proxy`, or `firewall`
where the mapping says so.

A mapping file (`mapping = FILE` of the source, `NAME.mapping.yaml` or `proxy_csv.mapping.yaml` beside the export; say
`proxy_csv=EXPORT`, or `format = "proxy_csv"`, where the header alone does not tell)::

    columns: {time: Zeitpunkt, client: Arbeitsplatz, url: Adresse, bytes_in: Empfangen, action: Ergebnis}
    time_formats: ["%d.%m.%Y %H:%M:%S"]
    timezone: Europe/Berlin
    refused: [gesperrt]
    delimiter: ";"

Without `order` it adds to the usual names of columns, and wins over them. `order` names the columns of a file without
a header, `rows` tells kinds of rows apart, as `proxy_mappings/paloalto.yaml` does; rows of no kind are passed by. A
header with times, clients and bytes or actions in which no column can be told to be the host fails, and says so.

Shipped: the usual names, Zscaler NSS with and without a header, Netskope transactions and events, Palo Alto Networks
TRAFFIC and THREAT/url, FortiGate as CSV. A row that is wider or narrower than the header is rejected: an unquoted
comma in a URL would shift its columns.

Sources: https://help.zscaler.com/unified/nss-feed-output-format-web-logs (fields and sample),
https://docs.paloaltonetworks.com/pan-os/9-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions,
public test data of a log shipper for Zscaler, Netskope (JSON with the same names) and Palo Alto lines.
Doubts: Netskope's and FortiGate's CSV headers were not seen, only the names of their fields. NAT addresses of Palo Alto
are not kept.
"""

import csv
from collections.abc import Sequence

from shadowscan.collect.formats import _proxy_csv_sql as sql
from shadowscan.collect.formats._charge import header_of
from shadowscan.collect.formats._lines import stage_rows
from shadowscan.collect.formats._proxy_mapping import (
    GENERIC,
    PLACES,
    ProxyMapping,
    match_header,
    match_rows,
    refuse_missing,
    shipped_mappings,
    user_mapping,
)
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

LOOKED_AT = 20
ROW_WIDTH = 200  # of a file without a header; more than any log here has


class ProxyCsv:
    """Exports of proxies and firewalls as CSV."""

    id = "proxy_csv"
    title = "Proxy, secure web gateway or firewall export (CSV, by mapping)"
    tables = ("tls_connection", "flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A header with time, client and host, or rows of a known log; one that lacks the host alone is ours too."""
        delimiter, header = header_of(head)
        if len(header) < 4 or head.data.lstrip()[:1] in (b"{", b"["):
            return 0.0
        mapping = match_header(header)
        known = mapping.known(header) if mapping else frozenset[str]()
        if known & PLACES:
            return 0.88 if mapping and mapping.hits(header) >= 5 else 0.7
        if known & {"bytes_out", "bytes_in", "action", "method"}:
            return 0.6
        return round(0.9 * match_rows(rows_of(head, delimiter))[1], 2)

    def group_key(self, item: LocalObject) -> str:
        """Objects of one header, mapping and zone go together."""
        mapping, delimiter, header = self._described(item)
        return "\0".join([mapping.model_dump_json(), delimiter, item.options.get("timezone", ""), *header])

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert requests; raises `BadInputError` where no column means time, client or a place."""
        mapping, delimiter, header = self._described(items[0])
        refuse_missing(items[0], mapping, header)
        paths, width = [item.path for item in items], ROW_WIDTH if mapping.order else len(header)
        refused = stage_rows(engine, paths, width, delimiter, has_header=not mapping.order)
        found = sql.take_rows(engine, items, mapping, header)
        return {
            item.source_id: add_up(found[item.source_id], refused.get(file, Normalised({})))
            for file, item in enumerate(items)
        }

    def _described(self, item: LocalObject) -> tuple[ProxyMapping, str, Sequence[str]]:
        """The mapping of an object, its delimiter, and the names of its columns."""
        delimiter, header = header_of(item.head)
        mapping = user_mapping(item) or match_header(header) or match_rows(rows_of(item.head, delimiter))[0]
        mapping = mapping or shipped_mappings()[GENERIC]
        if mapping.delimiter and mapping.delimiter != delimiter:
            delimiter = mapping.delimiter
            header = tuple(next(csv.reader(item.head.lines[:1], delimiter=delimiter), []))
        return mapping, delimiter, mapping.order or header


FORMAT = ProxyCsv()


def rows_of(head: Head, delimiter: str) -> list[list[str]]:
    """The first rows; empty where they are no CSV. Total."""
    lines = [line for line in head.lines[:LOOKED_AT] if line.strip() and len(line) < 60_000]
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []
