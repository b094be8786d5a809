"""The SQL of `gcp_dns`, in the order it runs: read once into `gcp_entry`, find what is there twice, hand over, note."""

# `rdata` is cut at 260 bytes and then ends in `...`: its last line may be half an address.
CREATE_ENTRIES = """
create or replace temp table gcp_entry as
with entry as (
  {entries}
),
listed as (
  select
    *,
    coalesce(len(p.structuredRdata) > 0, false) as is_structured,
    coalesce(ends_with(p.rdata, '...') or strlen(p.rdata) >= 260, false) as is_cut,
    string_split(p.rdata, chr(10)) as rdata_lines
  from entry
)
select
  file,
  coalesce(ends_with(log_name, 'dns_queries'), false) as is_ours,
  hash(log_name, insert_id, logged_at) as entry_hash,
  insert_id is not null as has_id,
  make_timestamp(epoch_us(try_cast(logged_at as timestamptz))) as queried_at,
  p.queryName as name,
  p.queryType as query_type,
  p.responseCode as response_code,
  p.sourceIP as client_text,
  coalesce(p.vmProjectId, resource.labels.project_id, split_part(log_name, '/', 2)) as account_id,
  coalesce(resource.labels.project_id, split_part(log_name, '/', 2)) || ':' || p.sourceNetwork as vpc_id,
  resource.labels.location as region,
  'projects/' || p.vmProjectId || '/zones/' || p.vmZoneName || '/instances/'
    || regexp_replace(p.vmInstanceName, '^[0-9]+[.]', '') as instance_id,
  resource.labels.source_type as source_type,
  is_cut and not is_structured as is_cut,
  case
    when is_structured then [
      {'type': upper(a.type), 'ttl': a.ttl, 'rdata': a.rvalue} for a in p.structuredRdata if a is not null
    ]
    else [
      {'type': upper(split_part(l, chr(9), 4)), 'ttl': split_part(l, chr(9), 2), 'rdata': split_part(l, chr(9), 5)}
      for l in case when is_cut then rdata_lines[:-2] else rdata_lines end
    ]
  end as answers
from listed
"""

# Entries of another log have no name, which refuses them.
RECORDS = """
select
  e.file,
  e.rowid - f.first_rowid + 1 as line,
  e.queried_at,
  case when e.is_ours then e.name end as name,
  e.query_type,
  e.response_code,
  e.client_text,
  e.answers,
  e.account_id,
  e.vpc_id,
  e.region,
  e.instance_id,
  e.source_type
from gcp_entry as e
join (
  select file, min(rowid) as first_rowid
  from gcp_entry
  group by file
) as f on f.file = e.file
where e.rowid not in (select row_id from gcp_repeated)
"""

COLUMNS = {
    "account_id": "coalesce(nullif(account_id, ''), 'unknown')",
    "vpc_id": "coalesce(vpc_id, 'unknown')",
    "region": "coalesce(region, 'unknown')",
    "instance_id": "coalesce(instance_id, 'unknown')",
    "resolver_id": "case when source_type = 'inbound-forwarding' then 'inbound-forwarding' else 'unknown' end",
    "action": "'allow'",
}

TTL = "coalesce(try_cast(answer.ttl as bigint), -1)"

INSERT_NOTES = """
insert into coverage_note by name
with seen as (
  select
    file,
    count(*) filter (where is_cut and rowid not in (select row_id from gcp_repeated)) as cut,
    count(*) filter (where rowid in (select row_id from gcp_repeated)) as repeated,
    min(queried_at) as first_at,
    max(queried_at) as last_at
  from gcp_entry
  where is_ours
    and queried_at between timestamp '2000-01-01' and timestamp '2100-01-01'
  group by file
),
note as (
  select
    file, 'truncated' as kind, cut as count, first_at, last_at,
    cut || ' answers cut by the log at 260 bytes: addresses after the cut are not known' as detail
  from seen
  where cut > 0
  union all
  select
    file, 'duplicate', repeated, first_at, last_at,
    repeated || ' records of what another record tells too: counted once'
  from seen
  where repeated > 0
)
select $source_ids[file + 1] as source_id, kind, detail, count, 0 as lost_seconds, first_at, last_at
from note
"""

DROP_TABLES = ("drop table gcp_entry", "drop table gcp_repeated")
