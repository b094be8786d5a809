r"""Azure DNS query logs of a DNS security policy (category `DnsResponse`, table `DNSQueryLogs`).

Shape, one record each: a line of a storage container (`insights-logs-dnsresponse`), in an Event Hub message
`{"records": […]}`, or a Log Analytics row, which has the columns below beside `TimeGenerated` and `Type`::

    {"time":"2026-08-01T00:00:08.1234567Z","category":"DnsResponse","operationName":"RESPONSE_SUCCESS",
     "resourceId":"/SUBSCRIPTIONS/…/PROVIDERS/MICROSOFT.NETWORK/DNSRESOLVERPOLICIES/POLICY","properties":{
     "version":"1.0","sub_id":"…","region":"westeurope",
     "vnet_id":"/subscriptions/…/resourceGroups/apps/providers/Microsoft.Network/virtualNetworks/prod",
     "query_name":"api.openai.com.","query_type":"A","query_class":"IN","response_code":"NOERROR",
     "srcipaddr":"10.2.0.4","srcport":"50123","transport":"UDP","resolution_path":"PublicDnsResolution",
     "answer":[{"Type":"A","Class":"IN","TTL":"300","RData":"203.0.113.40"}],
     "resolverpolicy_id":"…","resolverpolicy_rule_action":"Allow"}}

=============================  ==================================  ===================================================
field of `properties`          column of `DNSQueryLogs`            becomes
=============================  ==================================  ===================================================
`time` of the record           `TimeGenerated`                     `queried_at`, `answered_at`
`query_name` `query_type`      `QueryName` `QueryType`             `qname` `qtype`
`response_code`                `ResponseCode`, a number            `rcode`, in words
`srcipaddr`                    `SourceIpAddress`                   `client_ip`
`answer[]`                     `Answer`, perhaps as text           one `dns_answer` each for A and AAAA, with `TTL`;
                                                                   CNAME entries are the `cname_chain`, in order
`vnet_id`                      `VirtualNetworkId`                  `account_id`, its subscription; `vpc_id` as
                                                                   `RESOURCE-GROUP:NETWORK`, as in the flow logs
`sub_id`                       `_SubscriptionId`                   `account_id` where `vnet_id` names none
`region`                       `Region`                            `region`
`resolverpolicy_rule_action`   `ResolverPolicyRuleAction`          `action`: `Block` and `Deny` are `block`, `Alert` is
                                                                   `alert`, else `allow`. A blocked question has no
                                                                   answer that a connection could follow
`private_resolver_endpoint_id` `PrivateResolverEndpointId`         `resolver_id`: another network asked through it
=============================  ==================================  ===================================================

Names of fields are taken in the case that the object writes them in. A record of another log, or without a usable time
or name, is rejected and counted. `line` is the record's number. A private resolver has no query log of its own: it is
seen where the policy is linked to its network.

**Not confirmed against a real export.** The columns are those of the published table reference; the names in
`properties` and `answer` are those that a public consumer of the Event Hub stream reads. No public sample was found:
whether numbers are strings, and the name of the endpoint's field, are guesses that cost at most that field.

Sources: https://learn.microsoft.com/azure/azure-monitor/reference/tables/dnsquerylogs,
https://learn.microsoft.com/azure/dns/dns-traffic-log-how-to.
"""

from collections.abc import Sequence

from shadowscan.collect.formats._azure_record import category_of, group_key, records_sql
from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

FIELDS = {
    "query_name": "varchar",
    "query_type": "varchar",
    "response_code": "varchar",
    "srcipaddr": "varchar",
    "vnet_id": "varchar",
    "sub_id": "varchar",
    "region": "varchar",
    "resolverpolicy_rule_action": "varchar",
    "private_resolver_endpoint_id": "varchar",
    "answer": "json",
}
ROW_COLUMNS = {
    "query_name": "QueryName",
    "query_type": "QueryType",
    "response_code": "ResponseCode",
    "srcipaddr": "SourceIpAddress",
    "vnet_id": "VirtualNetworkId",
    "sub_id": "_SubscriptionId",
    "region": "Region",
    "resolverpolicy_rule_action": "ResolverPolicyRuleAction",
    "private_resolver_endpoint_id": "PrivateResolverEndpointId",
    "answer": "Answer",
}

# Response codes by number: RFC 1035 4.1.1. A record of another category has no name, which refuses it.
RECORDS = """
select
  file,
  null::bigint as line,
  logged_at as queried_at,
  case when category in ('DnsResponse', 'DNSQueryLogs') then p.query_name end as name,
  p.query_type as query_type,
  coalesce(
    list_extract(
      ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'], try_cast(p.response_code as integer) + 1
    ),
    p.response_code
  ) as response_code,
  p.srcipaddr as client_text,
  [
    {
      'type': upper(coalesce(json_extract_string(a, '$.Type'), json_extract_string(a, '$.type'))),
      'ttl': coalesce(json_extract_string(a, '$.TTL'), json_extract_string(a, '$.ttl')),
      'rdata': coalesce(json_extract_string(a, '$.RData'), json_extract_string(a, '$.rdata'))
    }
    for a in try_cast(answer_json as json[])
  ] as answers,
  coalesce(
    nullif(regexp_extract(lower(p.vnet_id), '/subscriptions/([^/]+)', 1), ''),
    nullif(lower(p.sub_id), ''),
    nullif(regexp_extract(lower(resource_id), '/subscriptions/([^/]+)', 1), ''),
    'unknown'
  ) as account_id,
  case
    when contains(lower(p.vnet_id), '/virtualnetworks/')
    then regexp_extract(lower(p.vnet_id), '/resourcegroups/([^/]+)', 1) || ':'
      || regexp_extract(lower(p.vnet_id), '/virtualnetworks/([^/]+)', 1)
    when p.vnet_id <> '' and not contains(p.vnet_id, '/') then lower(p.vnet_id)
    else 'unknown'
  end as vpc_id,
  coalesce(nullif(lower(p.region), ''), 'unknown') as region,
  coalesce(nullif(regexp_extract(lower(p.private_resolver_endpoint_id), '([^/]+)/*$', 1), ''), 'unknown')
    as resolver_id,
  case
    when lower(p.resolverpolicy_rule_action) in ('block', 'deny') then 'block'
    when lower(p.resolverpolicy_rule_action) = 'alert' then 'alert'
    else 'allow'
  end as action
from (
  select *, try_cast(answer_text as json) as answer_json
  from (
    select *, case when json_type(p.answer) = 'VARCHAR' then p.answer ->> '$' else p.answer::varchar end as answer_text
    from (
      {records}
    )
  )
)
"""

COLUMNS = {
    "account_id": "account_id",
    "vpc_id": "vpc_id",
    "region": "region",
    "instance_id": "'unknown'",
    "resolver_id": "resolver_id",
    "action": "action",
}
TTL = "coalesce(try_cast(answer.ttl as bigint), -1)"
CATEGORIES = frozenset({"DnsResponse", "DNSQueryLogs"})


class AzureDns:
    """Query logs of Azure DNS security policies."""

    id = "azure_dns"
    title = "Azure DNS query logs of a DNS security policy (not confirmed against a real export)"
    tables = ("dns_query", "dns_answer")

    def sniff(self, head: Head) -> float:
        """Share of the first records whose category or table is this log's."""
        records = sample_records(head)
        hits = sum(category_of(record) in CATEGORIES for record in records)
        return round(0.95 * hits / len(records), 2) if records else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Objects of one form and spelling go together."""
        return group_key(item, FIELDS)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert questions and answered addresses."""
        with lay_lines(items) as laid:
            records = RECORDS.replace("{records}", records_sql(items[0].head, FIELDS, ROW_COLUMNS))
            counts = take_questions(engine, items, DnsRecords(records, COLUMNS, {"paths": laid.paths}, TTL))
        return {
            source_id: add_refused(count.normalised(), laid.refused.get(source_id))
            for source_id, count in counts.items()
        }


FORMAT = AzureDns()
