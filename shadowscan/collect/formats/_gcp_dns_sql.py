"""The SQL of `gcp_dns`, in the order it runs: read once into `gcp_staged`, take answers apart, insert, count."""

# `rdata` is cut at 260 bytes and then ends in `...`: its last line may be half an address.
STAGE = """
create or replace temp table gcp_staged as
with entry as (
  {entries}
),
listed as (
  select
    *,
    len(p.structuredRdata) > 0 as is_structured,
    ends_with(p.rdata, '...') or strlen(p.rdata) >= 260 as is_cut,
    string_split(p.rdata, chr(10)) as rdata_lines
  from entry
)
select
  source_id,
  coalesce(ends_with(log_name, 'dns_queries'), false) as is_ours,
  hash(log_name, insert_id, logged_at) as entry_hash,
  insert_id is not null as has_id,
  make_timestamp(epoch_us(try_cast(logged_at as timestamptz))) as queried_at,
  lower(rtrim(p.queryName, '.')) as qname,
  p.queryType as qtype,
  p.responseCode as rcode,
  p.sourceIP as client_text,
  coalesce(p.vmProjectId, resource.labels.project_id, split_part(log_name, '/', 2)) as account_id,
  coalesce(resource.labels.project_id, split_part(log_name, '/', 2)) || ':' || p.sourceNetwork as vpc_id,
  resource.labels.location as region,
  'projects/' || p.vmProjectId || '/zones/' || p.vmZoneName || '/instances/'
    || regexp_replace(p.vmInstanceName, '^[0-9]+[.]', '') as instance_id,
  resource.labels.source_type as source_type,
  coalesce(is_cut and not coalesce(is_structured, false), false) as is_cut,
  case
    when is_structured then [
      {'type': upper(a.type), 'ttl': a.ttl, 'value': a.rvalue} for a in p.structuredRdata if a is not null
    ]
    else [
      {'type': upper(split_part(l, chr(9), 4)), 'ttl': split_part(l, chr(9), 2), 'value': split_part(l, chr(9), 5)}
      for l in case when is_cut then rdata_lines[:-2] else rdata_lines end
    ]
  end as answers
from listed
"""

CREATE_REPEATED = """
create or replace temp table gcp_repeated as
with repeated as (
  select source_id, entry_hash
  from gcp_staged
  where is_ours
    and has_id
  group by source_id, entry_hash
  having count(*) > 1
)
select s.rowid as row_id
from gcp_staged as s
join repeated as r on r.source_id = s.source_id and r.entry_hash = s.entry_hash
qualify row_number() over (partition by s.source_id, s.entry_hash order by s.rowid) > 1
"""

# One row an address, with what its question says: what may not be used is left out here once.
CREATE_ANSWERS = """
create or replace temp table gcp_answer as
with first_row as (
  select source_id, min(rowid) as first_rowid
  from gcp_staged
  group by source_id
),
answer as (
  select
    s.source_id, s.rowid - f.first_rowid + 1 as line, s.queried_at, s.account_id, s.vpc_id, s.client_text,
    s.instance_id, s.qname, unnest(s.answers) as a
  from gcp_staged as s
  join first_row as f on f.source_id = s.source_id
  where s.is_ours
    and s.rowid not in (select row_id from gcp_repeated)
    and s.queried_at >= timestamp '2000-01-01'
    and s.queried_at < timestamp '2100-01-01'
    and s.qname <> ''
)
select
  source_id, line, queried_at, account_id, vpc_id, client_text, instance_id, qname,
  a."value" as text, coalesce(try_cast(a.ttl as bigint), -1) as ttl_seconds
from answer
where a."type" in ('A', 'AAAA')
"""

IPV6_TEXTS = """
select text
from gcp_answer
where contains(text, ':')
union
select client_text as text
from gcp_staged
where contains(client_text, ':')
"""

# Once a distinct text: one answer is given thousands of times.
CREATE_ADDRESSES = """
create or replace temp table gcp_address as
with answered as (
  select distinct text
  from gcp_answer
)
select
  a.text,
  coalesce(v.canonical, a.text) as ip,
  coalesce(v.ip_version, 4) as ip_version,
  coalesce(v.hi, 0) as ip_hi,
  coalesce(v.lo, ipv4_number(a.text)) as ip_lo
from answered as a
left join ipv6_address as v on v.text = a.text
where coalesce(v.lo, ipv4_number(a.text)) is not null
"""

INSERT_QUERIES = """
insert into dns_query by name
with first_row as (
  select source_id, min(rowid) as first_rowid
  from gcp_staged
  group by source_id
)
select
  s.source_id,
  s.rowid - f.first_rowid + 1 as line,
  s.queried_at,
  coalesce(nullif(s.account_id, ''), 'unknown') as account_id,
  coalesce(s.vpc_id, 'unknown') as vpc_id,
  coalesce(s.region, 'unknown') as region,
  coalesce(c.canonical, s.client_text, 'unknown') as client_ip,
  coalesce(s.instance_id, 'unknown') as instance_id,
  case when s.source_type = 'inbound-forwarding' then 'inbound-forwarding' else 'unknown' end as resolver_id,
  s.qname,
  coalesce(s.qtype, 'A') as qtype,
  coalesce(s.rcode, 'NOERROR') as rcode,
  coalesce(
    array_to_string([lower(rtrim(a."value", '.')) for a in s.answers if a."type" = 'CNAME'], ' > '), ''
  ) as cname_chain,
  coalesce(len([a for a in s.answers if a."type" in ('A', 'AAAA')]), 0)::integer as answer_count
from gcp_staged as s
join first_row as f on f.source_id = s.source_id
left join ipv6_address as c on c.text = s.client_text
where s.is_ours
  and s.rowid not in (select row_id from gcp_repeated)
  and s.queried_at >= timestamp '2000-01-01'
  and s.queried_at < timestamp '2100-01-01'
  and s.qname <> ''
"""

INSERT_ANSWERS = """
insert into dns_answer by name
select
  a.source_id,
  a.line,
  a.queried_at as answered_at,
  coalesce(nullif(a.account_id, ''), 'unknown') as account_id,
  coalesce(a.vpc_id, 'unknown') as vpc_id,
  coalesce(c.canonical, a.client_text, 'unknown') as client_ip,
  coalesce(a.instance_id, 'unknown') as instance_id,
  a.qname,
  i.ip,
  i.ip_version,
  i.ip_hi,
  i.ip_lo,
  a.ttl_seconds
from gcp_answer as a
join gcp_address as i on i.text = a.text
left join ipv6_address as c on c.text = a.client_text
"""

INSERT_NOTES = """
insert into coverage_note by name
with seen as (
  select
    source_id,
    count(*) filter (where is_cut and rowid not in (select row_id from gcp_repeated)) as cut,
    count(*) filter (where rowid in (select row_id from gcp_repeated)) as repeated,
    min(queried_at) as first_at,
    max(queried_at) as last_at
  from gcp_staged
  where is_ours
  group by source_id
),
note as (
  select
    source_id, 'truncated' as kind, cut as count, first_at, last_at,
    cut || ' answers cut by the log at 260 bytes: addresses after the cut are not known' as detail
  from seen
  where cut > 0
  union all
  select
    source_id, 'duplicate', repeated, first_at, last_at, repeated || ' entries there twice: counted once'
  from seen
  where repeated > 0
)
select source_id, kind, detail, count, 0 as lost_seconds, first_at, last_at
from note
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
noted as (
  select source_id, count(*) as notes
  from coverage_note
  where list_contains($source_ids, source_id)
  group by source_id
),
staged as (
  select
    source_id,
    count(*) filter (where not is_ours) as others,
    count(*) filter (where is_ours and rowid not in (select row_id from gcp_repeated)) as entries
  from gcp_staged
  group by source_id
)
select
  o.source_id,
  coalesce(q.queries, 0) as queries,
  coalesce(a.answers, 0) as answers,
  coalesce(n.notes, 0) as notes,
  coalesce(s.others, 0) as others,
  coalesce(s.entries, 0) - coalesce(q.queries, 0) as unusable,
  q.first_at,
  q.last_at
from gcp_object as o
left join query as q on q.source_id = o.source_id
left join answer as a on a.source_id = o.source_id
left join noted as n on n.source_id = o.source_id
left join staged as s on s.source_id = o.source_id
"""

DROP_STAGED = (
    "drop table gcp_staged",
    "drop table gcp_repeated",
    "drop table gcp_answer",
    "drop table gcp_address",
)
