r"""Route 53 Resolver query logs: JSON lines, plain or gzip.

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
`query_type` `rcode`                   `qtype` `rcode`
`answers[]` of type A and AAAA         one `dns_answer` each; addresses in canonical text and as halves
`answers[]` of type CNAME              `cname_chain`, in order, joined by ` > `
`srcaddr`                              `client_ip`: the workload, or a central resolver that forwards for it
`srcids.instance`                      `instance_id`
`srcids.resolver_endpoint`             `resolver_id`
`account_id` `region` `vpc_id`         the same
`firewall_rule_action`                 `action`: `block`, `alert`, else `allow`; a blocked question led to no connection
=====================================  ================================================================================

The log has no TTL (`ttl_seconds` -1), and an answer out of the resolver's cache is not logged: one line stands for
all use of that name by that interface until the TTL ends.

A line that is no JSON object, or has no time or name, is rejected and counted. `line` counts the lines that are not
blank.

Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from shadowscan.collect.formats._address import create_macros, map_ipv6
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

CREATE_OBJECTS = """
create or replace temp table resolver_object as
select unnest($source_ids) as source_id, unnest($paths) as path
"""

STAGE = """
create or replace temp table resolver_staged as
select
  o.source_id,
  try_cast(r.query_timestamp as timestamptz)::timestamp as queried_at,
  lower(rtrim(r.query_name, '.')) as qname,
  r.query_type,
  r.rcode,
  [a for a in r.answers if a is not null] as answers,
  r.srcaddr,
  r.account_id,
  r.region,
  r.vpc_id,
  r.srcids.instance as instance_id,
  r.srcids.resolver_endpoint as resolver_id,
  lower(r.firewall_rule_action) as firewall_action
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  filename = true,
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
join resolver_object as o on o.path = r.filename
"""

# Rows are staged in the order of the files, so a row's distance from its file's first one is its line.
CREATE_FIRST = """
create or replace temp table resolver_first as
select source_id, min(rowid) as first_rowid
from resolver_staged
group by source_id
"""

CREATE_ANSWERS = """
create or replace temp table resolver_answer as
with answer as (
  select
    s.source_id, s.rowid - f.first_rowid + 1 as line, s.queried_at, s.account_id, s.vpc_id, s.srcaddr, s.instance_id,
    s.qname, unnest(s.answers) as answer
  from resolver_staged as s
  join resolver_first as f on f.source_id = s.source_id
  where s.queried_at is not null
    and s.qname <> ''
)
select source_id, line, queried_at, account_id, vpc_id, srcaddr, instance_id, qname, answer.Rdata as text
from answer
where answer."Type" in ('A', 'AAAA')
"""

IPV6_TEXTS = """
select text
from resolver_answer
where contains(text, ':')
union
select srcaddr as text
from resolver_staged
where contains(srcaddr, ':')
"""

INSERT_QUERIES = """
insert into dns_query by name
select
  s.source_id,
  s.rowid - f.first_rowid + 1 as line,
  queried_at,
  coalesce(account_id, 'unknown') as account_id,
  coalesce(vpc_id, 'unknown') as vpc_id,
  coalesce(region, 'unknown') as region,
  coalesce(c.canonical, srcaddr, 'unknown') as client_ip,
  coalesce(instance_id, 'unknown') as instance_id,
  coalesce(resolver_id, 'unknown') as resolver_id,
  qname,
  coalesce(query_type, 'A') as qtype,
  coalesce(rcode, 'NOERROR') as rcode,
  case when firewall_action in ('block', 'alert') then firewall_action else 'allow' end as action,
  coalesce(
    array_to_string([lower(rtrim(a.Rdata, '.')) for a in answers if a."Type" = 'CNAME'], ' > '), ''
  ) as cname_chain,
  coalesce(len([a for a in answers if a."Type" in ('A', 'AAAA')]), 0)::integer as answer_count
from resolver_staged as s
join resolver_first as f on f.source_id = s.source_id
left join ipv6_address as c on c.text = s.srcaddr
where queried_at is not null
  and qname <> ''
"""

INSERT_ANSWERS = """
insert into dns_answer by name
with numbered as (
  select
    a.*,
    coalesce(c.canonical, a.srcaddr, 'unknown') as client_ip,
    coalesce(v.canonical, a.text) as ip,
    coalesce(v.ip_version, 4) as ip_version,
    coalesce(v.hi, 0) as ip_hi,
    coalesce(v.lo, ipv4_number(a.text)) as ip_lo
  from resolver_answer as a
  left join ipv6_address as v on v.text = a.text
  left join ipv6_address as c on c.text = a.srcaddr
)
select
  source_id,
  line,
  queried_at as answered_at,
  coalesce(account_id, 'unknown') as account_id,
  coalesce(vpc_id, 'unknown') as vpc_id,
  client_ip,
  coalesce(instance_id, 'unknown') as instance_id,
  qname,
  ip,
  ip_version,
  ip_hi,
  ip_lo,
  -1 as ttl_seconds
from numbered
where ip_lo is not null
"""

RESULTS = """
with query as (
  select source_id, count(*) as queries, min(queried_at) as first_at, max(queried_at) as last_at
  from dns_query
  where list_contains($source_ids, source_id)
  group by source_id
),
answer as (
  select source_id, count(*) as answers
  from dns_answer
  where list_contains($source_ids, source_id)
  group by source_id
),
staged as (
  select source_id, count(*) as records
  from resolver_staged
  group by source_id
)
select
  o.source_id,
  coalesce(q.queries, 0) as queries,
  coalesce(a.answers, 0) as answers,
  coalesce(s.records, 0) - coalesce(q.queries, 0) as refused,
  q.first_at,
  q.last_at
from resolver_object as o
left join query as q on q.source_id = o.source_id
left join answer as a on a.source_id = o.source_id
left join staged as s on s.source_id = o.source_id
"""

OURS = frozenset({"query_timestamp", "query_name"})
LIKELY = frozenset({"srcids", "vpc_id", "query_class", "srcaddr"})
LOOKED_AT = 20


class Route53Resolver:
    """Route 53 Resolver query logs."""

    id = "route53_resolver"
    title = "Route 53 Resolver query logs (JSON lines)"
    tables = ("dns_query", "dns_answer")

    def sniff(self, head: Head) -> float:
        """Share of the first lines that are objects with a query's name and time and one key of the resolver's."""
        lines = [line for line in head.lines[:LOOKED_AT] if line.strip()]
        hits = sum(_is_query(line) for line in lines)
        return round(0.97 * hits / len(lines), 2) if lines else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert questions and answered addresses."""
        source_ids, paths = [item.source_id for item in items], [item.path for item in items]
        engine.query(CREATE_OBJECTS, {"source_ids": source_ids, "paths": paths})
        engine.query(STAGE, {"paths": paths})
        engine.query(CREATE_FIRST)
        engine.query(CREATE_ANSWERS)
        create_macros(engine)
        map_ipv6(engine, IPV6_TEXTS)
        engine.query(INSERT_QUERIES)
        engine.query(INSERT_ANSWERS)
        rows = engine.query(RESULTS, {"source_ids": source_ids}).rows
        engine.query("drop table resolver_staged")
        engine.query("drop table resolver_answer")
        return {row[0]: _normalised(*row[1:]) for row in rows}


FORMAT = Route53Resolver()


def _is_query(line: str) -> bool:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.keys() >= OURS and bool(LIKELY & value.keys())


def _normalised(
    queries: int, answers: int, refused: int, first_at: datetime | None, last_at: datetime | None
) -> Normalised:
    sample = "a line that is no JSON object, or has no query_timestamp or query_name" if refused else ""
    return Normalised({"dns_query": queries, "dns_answer": answers}, refused, sample, first_at, last_at)
