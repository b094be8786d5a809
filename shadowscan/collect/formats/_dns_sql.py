"""The SQL of `_dns`, in the order it runs: questions staged in final form beside their answers, then copied.

Answers are unnested on their way into `dns_answer`, IPv4 first; only IPv6 needs the table of distinct texts.
"""

from shadowscan.collect.formats._first_row import first_rows

STAGE = """
create or replace temp table dns_staged as
with record as (
  {read}
)
select
  r.file,
  r.line,
  case
    when queried_at is null and name is null then 'no record of this log, or one without a time and a name'
    when queried_at is null then 'the time of the query is none'
    when queried_at < timestamp '2000-01-01' or queried_at >= timestamp '2100-01-01'
      then 'the time of the query is not between 2000 and 2100'
    when name is null or name = '' then 'no name was asked for'
  end as verdict,
  queried_at,
  plain_address(client_text) as client_ip,
  coalesce(nullif(lower(rtrim(name, '.')), ''), '.') as qname,
  upper(query_type) as qtype,
  coalesce(upper(response_code), 'NOERROR') as rcode,
  answers,
  {columns}
from record as r
join read_object as o on o.file = r.file
"""

FIRST_ROWS = first_rows("dns_staged", "dns_first")

IPV6_TEXTS = """
select client_ip as text
from dns_staged
where contains(client_ip, ':')
union
select answer.rdata as text
from (
  select unnest(answers) as answer
  from dns_staged
  where verdict is null
    and qtype is distinct from 'A'
)
where answer."type" in ('A', 'AAAA')
  and contains(answer.rdata, ':')
"""

CANONICAL_CLIENTS = """
update dns_staged
set client_ip = a.canonical
from ipv6_address as a
where a.text = dns_staged.client_ip
  and a.canonical <> dns_staged.client_ip
"""

INSERT_QUERIES = """
insert into dns_query by name
select
  o.source_id,
  coalesce(s.line, s.rowid - f.first_rowid + 1) as line,
  s.* exclude (file, line, verdict, answers, client_ip) replace (coalesce(s.qtype, 'A') as qtype),
  coalesce(s.client_ip, 'unknown') as client_ip,
  coalesce(
    array_to_string([lower(rtrim(a.rdata, '.')) for a in s.answers if a."type" = 'CNAME'], ' > '), ''
  ) as cname_chain,
  coalesce(len([a for a in s.answers if a."type" in ('A', 'AAAA')]), 0)::integer as answer_count
from dns_staged as s
join read_object as o on o.file = s.file
join dns_first as f on f.file = s.file
where s.verdict is null
"""

# A blocked question has no answer that a connection could follow: what the firewall says instead is no address of it.
# A question of type A is answered with IPv4 only, one of type AAAA with IPv6 only: the other's answers are passed by.
_ANSWERS = """
with answer as (
  select
    o.source_id,
    coalesce(s.line, s.rowid - f.first_rowid + 1) as line,
    s.queried_at as answered_at,
    s.account_id,
    s.vpc_id,
    coalesce(s.client_ip, 'unknown') as client_ip,
    s.instance_id,
    s.qname,
    unnest(s.answers) as answer
  from dns_staged as s
  join read_object as o on o.file = s.file
  join dns_first as f on f.file = s.file
  where s.verdict is null
    and s.action <> 'block'
    and s.qtype is distinct from {other_type}
)
"""

INSERT_IPV4_ANSWERS = (
    "insert into dns_answer by name"
    + _ANSWERS.replace("{other_type}", "'AAAA'")
    + """
select
  * exclude (answer),
  answer.rdata as ip,
  ipv4_number(answer.rdata) as ip_lo,
  {ttl} as ttl_seconds
from answer
where answer."type" in ('A', 'AAAA')
  and is_ipv4_text(answer.rdata)
"""
)

INSERT_IPV6_ANSWERS = (
    "insert into dns_answer by name"
    + _ANSWERS.replace("{other_type}", "'A'")
    + """
select
  a.* exclude (answer),
  v.canonical as ip,
  v.ip_version,
  v.hi as ip_hi,
  v.lo as ip_lo,
  {ttl} as ttl_seconds
from answer as a
join ipv6_address as v on v.text = a.answer.rdata
where a.answer."type" in ('A', 'AAAA')
"""
)

RESULTS = """
with staged as (
  select
    file,
    count(*) filter (where verdict is null) as queries,
    count(*) filter (where verdict is not null) as refused,
    min(rowid) filter (where verdict is not null) as refused_rowid,
    min(queried_at) filter (where verdict is null) as first_at,
    max(queried_at) filter (where verdict is null) as last_at
  from dns_staged
  group by file
),
answered as (
  select source_id, count(*) as answers
  from dns_answer
  where list_contains($source_ids, source_id)
  group by source_id
)
select
  o.source_id,
  coalesce(s.queries, 0) as queries,
  coalesce(a.answers, 0) as answers,
  coalesce(s.refused, 0) as refused,
  coalesce(r.line, r.rowid - f.first_rowid + 1) as line,
  r.verdict,
  s.first_at,
  s.last_at
from read_object as o
left join staged as s on s.file = o.file
left join answered as a on a.source_id = o.source_id
left join dns_first as f on f.file = o.file
left join dns_staged as r on r.rowid = s.refused_rowid
"""
