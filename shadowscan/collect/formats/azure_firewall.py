r"""Azure Firewall logs: structured (`AZFW…`) and older ones, from storage, Event Hubs, or as Log Analytics rows.

Real shapes, one record each: a line of a storage container, in an Event Hub message `{"records": […]}`, or a Log
Analytics row, which has the properties beside `TimeGenerated`, `Type` and `_ResourceId`, in table `AzureDiagnostics` as
`SourcePort_d`, `msg_s` …; all its values may be strings::

    {"time":"2026-08-01T00:00:59.849437Z","category":"AZFWApplicationRule",
     "resourceId":"/SUBSCRIPTIONS/…/AZUREFIREWALLS/HUB","properties":{"Protocol":"HTTPS","SourceIp":"10.2.0.4",
     "SourcePort":41348,"DestinationIp":"","DestinationPort":443,"Fqdn":"api.openai.com","TargetUrl":"",
     "Action":"Allow","IsTlsInspected":false,"IsExplicitProxyRequest":false,"WebCategory":"…","Rule":"…"}}
    { … "category":"AZFWNetworkRule","properties":{"Protocol":"TCP","SourceIp":"10.2.0.4","SourcePort":51344,
     "DestinationIp":"203.0.113.40","DestinationPort":443,"Action":"Allow", …}}
    { … "category":"AZFWDnsQuery","properties":{"SourceIp":"10.2.0.4","QueryName":"api.openai.com.","QueryType":"A",
     "ResponseCode":"NOERROR", …}}
    { … "category":"AzureFirewallApplicationRule","operationName":"AzureFirewallApplicationRuleLog","properties":{
     "msg":"HTTPS request from 10.2.0.4:56029 to api.openai.com:443. Action: Allow. Rule Collection: …"}}

=====================================  ================================================================================
category                               becomes
=====================================  ================================================================================
`AZFWApplicationRule`                  `tls_connection`: `Fqdn`, else the host of `TargetUrl`, whose path is kept
                                       shortened and without its query. `named_by` is `connect` for an explicit proxy
                                       request, `http_host` for HTTP and inspected TLS, else `sni`. Where the firewall
                                       saw no name but an address: `flow`
`AZFWNetworkRule`                      `flow` without bytes: the log has none; one record is one connection
`AZFWNatRule`                          `flow` to `TranslatedIp`; `DestinationIp` is the interface's address
`AZFWFlowTrace`                        `SYN-ACK`: `flow`, a connection that came about; the other flags tell of the same
                                       connections again and are counted in a note of kind `duplicate`
`AZFWDnsQuery`                         `dns_query`; this log has no answers, so its names are lookups only
`AzureFirewallApplicationRule`         the same out of the sentence in `msg`; a threat intelligence record that names a
`AzureFirewallNetworkRule`             host is a `tls_connection` too
`AzureFirewallDnsProxy`
other `AZFW…`                          passed by: intrusion alerts, fat flows, aggregations, failed resolutions tell
                                       nothing of egress that the logs above do not
=====================================  ================================================================================

`SourceIp` is the client where it or neither side is private, as in every flow log; `Action` `Deny` and `Drop` are
`reject`. `resourceId` gives `account_id`, the firewall's subscription (the client's own is not in the log), and
`interface_id` as `firewall/NAME`. The network is unknown: a firewall stands between several. `sensor` is `firewall`.

A connection of which the firewall saw neither name nor address (TLS without a server name, refused) is passed by. A
record of another log, or without usable time, address or name, is rejected and counted. `line` is the record's number.

Sources: https://learn.microsoft.com/azure/firewall/monitor-firewall-reference, tables `AZFW…` below
https://learn.microsoft.com/azure/azure-monitor/reference/tables/, public test data of log shippers for both forms.
Doubts: IPv6 addresses in `msg` were not seen. Results as `{"tables": […]}` (Log Analytics API) and CSV are not read.
"""

from collections.abc import Sequence

from shadowscan.collect.formats import _azure_firewall_sql as sql
from shadowscan.collect.formats._azure_record import category_of, group_key, records_sql, resource_sql
from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._flow import FlowRecords, take_flows
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats._tls import TlsRecords, take_hosts
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_ACCOUNT = resource_sql("subscriptions")
_FIREWALL = f"'firewall/' || {resource_sql('azurefirewalls')}"
_ACTION = "case when is_denied then 'reject' else 'accept' end"

FLOW_COLUMNS = {
    "sensor": "'firewall'",
    "account_id": _ACCOUNT,
    "interface_id": _FIREWALL,
    "region": "'unknown'",
    "action": _ACTION,
}
HOST_COLUMNS = {
    "sensor": "'firewall'",
    "account_id": _ACCOUNT,
    "action": _ACTION,
    "named_by": "case when is_proxy then 'connect' when is_readable then 'http_host' else 'sni' end",
}
QUESTION_COLUMNS = {
    "account_id": _ACCOUNT,
    "vpc_id": "'unknown'",
    "region": "'unknown'",
    "instance_id": "'unknown'",
    "action": "'allow'",
}
CATEGORIES = ("AZFW", "AzureFirewall")


class AzureFirewall:
    """Azure Firewall rule, flow trace and DNS proxy logs."""

    id = "azure_firewall"
    title = "Azure Firewall logs (structured and older, from storage or Log Analytics)"
    tables = ("flow", "tls_connection", "dns_query", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first records whose category is one of the firewall's."""
        records = sample_records(head)
        hits = sum(category_of(record).startswith(CATEGORIES) for record in records)
        return round(0.96 * hits / len(records), 2) if records else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Objects of one form go together."""
        return group_key(item, sql.FIELDS)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert connections, hosts and questions."""
        for macro in (sql.CREATE_PLACE_HOST, sql.CREATE_PLACE_PORT):
            engine.query(macro)
        with lay_lines(items) as laid:
            records = records_sql(items[0].head, sql.FIELDS)
            engine.query(sql.CREATE_RECORDS.replace("{records}", records), {"paths": laid.paths})
        engine.query(sql.CREATE_FIRST)
        flows = take_flows(engine, items, FlowRecords(sql.FLOWS, FLOW_COLUMNS))
        hosts = take_hosts(engine, items, TlsRecords(sql.HOSTS, HOST_COLUMNS))
        questions = take_questions(engine, items, DnsRecords(sql.QUESTIONS, QUESTION_COLUMNS))
        for statement in sql.DROP_TABLES:
            engine.query(statement)
        found = {
            item.source_id: add_up(*(counts[item.source_id].normalised() for counts in (flows, hosts, questions)))
            for item in items
        }
        return {source_id: add_refused(one, laid.refused.get(source_id)) for source_id, one in found.items()}


FORMAT = AzureFirewall()
