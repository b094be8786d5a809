r"""Route 53 Resolver query logs: JSON lines, plain or gzip; one JSON array or records without line breaks too.

Real shape, one object a line::

    {"version":"1.100000","account_id":"123456789012","region":"us-east-1","vpc_id":"vpc-0aa",
     "query_timestamp":"2026-08-01T00:00:01Z","query_name":"api.openai.com.","query_type":"A","query_class":"IN",
     "rcode":"NOERROR","answers":[{"Rdata":"203.0.113.10","Type":"A","Class":"IN"}],"srcaddr":"10.0.1.5",
     "srcport":"41522","transport":"UDP","srcids":{"instance":"i-0cc"}}

=====================================  ================================================================================
field                                  becomes
=====================================  ================================================================================
`query_timestamp`                      `queried_at`, `answered_at`
`query_name`                           `qname`: lower case, no final dot
`query_type` `rcode`                   `qtype` `rcode`, in upper case
`answers[]` of type A and AAAA         one `dns_answer` each; addresses in canonical text and as halves
`answers[]` of type CNAME              `cname_chain`, in order, joined by ` > `
`srcaddr`                              `client_ip`: the workload, or a central resolver that forwards for it
`srcids.instance`                      `instance_id`
`srcids.resolver_endpoint`             `resolver_id`: the endpoint through which another network asked
`account_id` `region` `vpc_id`         the same; the first two else from the delivery path
                                       `AWSLogs/ACCOUNT/vpcdnsquerylogs/…`
`firewall_rule_action`                 `action`: `block`, `alert`, else `allow`; a blocked question led to no
                                       connection, so what DNS Firewall answered instead is no `dns_answer`
=====================================  ================================================================================

The log has no TTL (`ttl_seconds` -1), and an answer out of the resolver's cache is not logged: one line stands for
all use of that name by that interface until the TTL ends.

`srcids.resolver_network_interface`, `transport`, `srcport`, `query_class`, rule group and domain list are not kept.
A line that is no JSON object, or has no name or no time between 2000 and 2100, is rejected and counted. `line` counts
the lines that are not blank.

Sources: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html; `srcids` variants in
https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS.
"""

from collections.abc import Sequence

from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

RECORDS = """
select
  r.file_index::bigint as file,
  null::bigint as line,
  try_cast(r.query_timestamp as timestamptz)::timestamp as queried_at,
  r.query_name as name,
  r.query_type as query_type,
  r.rcode as response_code,
  r.srcaddr as client_text,
  r.answers,
  r.account_id,
  r.vpc_id,
  r.region,
  r.srcids,
  r.firewall_rule_action
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    query_timestamp: 'VARCHAR',
    query_name: 'VARCHAR',
    query_type: 'VARCHAR',
    rcode: 'VARCHAR',
    answers: 'STRUCT(Rdata VARCHAR, "Type" VARCHAR)[]',
    srcaddr: 'VARCHAR',
    account_id: 'VARCHAR',
    region: 'VARCHAR',
    vpc_id: 'VARCHAR',
    srcids: 'STRUCT("instance" VARCHAR, resolver_endpoint VARCHAR)',
    firewall_rule_action: 'VARCHAR'
  }
) as r
"""

COLUMNS = {
    "account_id": "coalesce(account_id, path_account_id)",
    "vpc_id": "coalesce(vpc_id, 'unknown')",
    "region": "coalesce(region, path_region)",
    "instance_id": "coalesce(srcids.instance, 'unknown')",
    "resolver_id": "coalesce(srcids.resolver_endpoint, 'unknown')",
    "action": "case upper(firewall_rule_action) when 'BLOCK' then 'block' when 'ALERT' then 'alert' else 'allow' end",
}

OURS = frozenset({"query_timestamp", "query_name"})
LIKELY = frozenset({"srcids", "vpc_id", "query_class", "srcaddr"})


class Route53Resolver:
    """Route 53 Resolver query logs."""

    id = "route53_resolver"
    title = "Route 53 Resolver query logs (JSON)"
    tables = ("dns_query", "dns_answer")

    def sniff(self, head: Head) -> float:
        """Share of the first records that have a query's name and time and one key of the resolver's."""
        records = sample_records(head)
        hits = sum(record.keys() >= OURS and bool(LIKELY & record.keys()) for record in records)
        return round(0.97 * hits / len(records), 2) if records else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert questions and answered addresses."""
        with lay_lines(items) as laid:
            found = take_questions(engine, items, DnsRecords(RECORDS, COLUMNS, {"paths": laid.paths}))
        return {
            source_id: add_refused(count.normalised(), laid.refused.get(source_id))
            for source_id, count in found.items()
        }


FORMAT = Route53Resolver()
