"""The SQL of `aws_vpc_flow`, in the order it runs: list, read once into `vpc_staged`, insert, count."""

CREATE_OBJECTS = """
create or replace temp table vpc_object as
select
  unnest($source_ids) as source_id,
  unnest($paths) as path,
  unnest($accounts) as path_account_id,
  unnest($regions) as path_region
"""

# Numbers are made here, once a row: made later, a filter and a projection would each make them again.
STAGE = """
create or replace temp table vpc_staged as
with record as (
  {record}
)
select
  *,
  coalesce(pkt_srcaddr, srcaddr) as source_text,
  coalesce(pkt_dstaddr, dstaddr) as target_text,
  ipv4_number(coalesce(pkt_srcaddr, srcaddr)) as source_number,
  ipv4_number(coalesce(pkt_dstaddr, dstaddr)) as target_number
from record
"""

READ_TEXT = """
from read_csv(
  $paths,
  delim = ' ',
  header = $has_header,
  nullstr = '-',
  quote = '',
  escape = '',
  auto_detect = false,
  store_rejects = true,
  filename = true,
  hive_partitioning = false,
  columns = $columns
) as r
join vpc_object as o on o.path = r.filename
"""

READ_PARQUET = """
from read_parquet(
  $paths,
  union_by_name = true,
  filename = true,
  hive_partitioning = false
) as r
join vpc_object as o on o.path = r.filename
"""

PARQUET_COLUMNS = """
select distinct name
from parquet_schema($paths)
"""

IPV6_TEXTS = """
select distinct text
from (
  select unnest([srcaddr, dstaddr, pkt_srcaddr, pkt_dstaddr]) as text
  from vpc_staged
  where contains(srcaddr, ':')
     or contains(dstaddr, ':')
     or contains(pkt_srcaddr, ':')
     or contains(pkt_dstaddr, ':')
)
where contains(text, ':')
"""

REJECTED_LINES = """
select
  o.source_id,
  count(distinct e.line) as rejected,
  min(e.line) as line,
  arg_min(lower(e.error_type::varchar), e.line) as why
from reject_errors as e
join reject_scans as s using (scan_id, file_id)
join vpc_object as o on o.path = s.file_path
group by o.source_id
"""

INSERT_FLOWS = """
insert into flow by name
with first_row as (
  select source_id, min(rowid) as first_rowid
  from vpc_staged
  group by source_id
),
record as (
  select
    s.*,
    case
      when list_contains($uncountable, s.source_id) then 0
      else s.rowid - f.first_rowid + $first_line
    end as line,
    coalesce(s.end, s.start) as stop
  from vpc_staged as s
  join first_row as f on f.source_id = s.source_id
  where s.log_status is null
     or s.log_status not in ('NODATA', 'SKIPDATA')
),
addressed as (
  select
    r.*,
    coalesce(s6.canonical, r.source_text) as source_ip,
    coalesce(t6.canonical, r.target_text) as target_ip,
    coalesce(si.canonical, r.srcaddr, r.source_text) as interface_source_ip,
    coalesce(ti.canonical, r.dstaddr, r.target_text) as interface_target_ip,
    coalesce(s6.ip_version, 4) as source_version,
    coalesce(t6.ip_version, 4) as target_version,
    coalesce(s6.hi, 0) as source_hi,
    coalesce(t6.hi, 0) as target_hi,
    coalesce(s6.lo, r.source_number) as source_lo,
    coalesce(t6.lo, r.target_number) as target_lo,
    s6.is_private as source_is_private6,
    t6.is_private as target_is_private6
  from record as r
  left join ipv6_address as s6 on s6.text = r.source_text
  left join ipv6_address as t6 on t6.text = r.target_text
  left join ipv6_address as si on si.text = r.srcaddr
  left join ipv6_address as ti on ti.text = r.dstaddr
),
sided as (
  select
    *,
    case flow_direction
      when 'egress' then true
      when 'ingress' then false
      else coalesce(source_is_private6, ipv4_is_private(source_lo))
        or not coalesce(target_is_private6, ipv4_is_private(target_lo))
    end as is_out
  from addressed
  where source_lo is not null
    and target_lo is not null
    and source_version = target_version
    and start between 0 and 253402300799000
    and stop between 0 and 253402300799000
)
select
  source_id,
  line,
  make_timestamp(case when start > 100000000000 then start * 1000 else start * 1000000 end) as started_at,
  make_timestamp(case when stop > 100000000000 then stop * 1000 else stop * 1000000 end) as ended_at,
  'flow_log' as sensor,
  coalesce(account_id, path_account_id) as account_id,
  coalesce(vpc_id, 'unknown') as vpc_id,
  coalesce(subnet_id, 'unknown') as subnet_id,
  coalesce(interface_id, 'unknown') as interface_id,
  coalesce(instance_id, 'unknown') as instance_id,
  coalesce(region, path_region) as region,
  coalesce(az_id, 'unknown') as az,
  coalesce(
    'ecs/' || ecs_cluster_name || '/' || ecs_service_name,
    'ecs-task/' || ecs_cluster_name || '/' || ecs_task_id,
    'unknown'
  ) as workload,
  case when is_out then source_ip else target_ip end as client_ip,
  coalesce(case when is_out then srcport else dstport end, 0) as client_port,
  case when is_out then target_ip else source_ip end as remote_ip,
  coalesce(case when is_out then dstport else srcport end, 0) as remote_port,
  case when is_out then interface_source_ip else interface_target_ip end as interface_client_ip,
  case when is_out then interface_target_ip else interface_source_ip end as interface_remote_ip,
  source_version as ip_version,
  case when is_out then source_hi else target_hi end as client_hi,
  case when is_out then source_lo else target_lo end as client_lo,
  case when is_out then target_hi else source_hi end as remote_hi,
  case when is_out then target_lo else source_lo end as remote_lo,
  case
    when source_version = 6 then case when is_out then target_hi else source_hi end
    else (case when is_out then target_lo else source_lo end) >> 8
  end as remote_block,
  coalesce(protocol, 0) as protocol,
  case when is_out then 'egress' else 'ingress' end as direction,
  case when action = 'REJECT' then 'reject' else 'accept' end as action,
  coalesce(bytes, 0) as bytes,
  coalesce(packets, 0) as packets,
  coalesce(case when is_out then pkt_dst_aws_service else pkt_src_aws_service end, 'unknown') as remote_service
from sided
"""

# The share is that of the interfaces' own time in the file: lost seconds over first start to last end of each.
INSERT_SKIPPED = """
insert into coverage_note by name
with interface as (
  select
    source_id,
    interface_id,
    count(*) filter (where log_status = 'SKIPDATA') as intervals,
    coalesce(sum("end" - start) filter (where log_status = 'SKIPDATA'), 0) as lost,
    max("end") - min(start) as covered,
    min(start) filter (where log_status = 'SKIPDATA') as first_start,
    max("end") filter (where log_status = 'SKIPDATA') as last_end,
    max("end") > 100000000000 as is_milliseconds
  from vpc_staged
  group by source_id, interface_id
)
select
  source_id,
  'skipdata' as kind,
  format(
    '{} intervals lost by the collector, {:.1f} % of the time covered',
    sum(intervals),
    least(100.0, 100.0 * sum(lost) / greatest(sum(covered), 1))
  ) as detail,
  sum(intervals)::bigint as count,
  (sum(lost) / case when bool_or(is_milliseconds) then 1000 else 1 end)::bigint as lost_seconds,
  make_timestamp(min(first_start)::bigint * case when bool_or(is_milliseconds) then 1000 else 1000000 end) as first_at,
  make_timestamp(max(last_end)::bigint * case when bool_or(is_milliseconds) then 1000 else 1000000 end) as last_at
from interface
group by source_id
having sum(intervals) > 0
"""

RESULTS = """
with stored as (
  select source_id, count(*) as flows, min(started_at) as first_at, max(started_at) as last_at
  from flow
  where list_contains($source_ids, source_id)
  group by source_id
),
staged as (
  select
    source_id,
    count(*) filter (where log_status is null or log_status not in ('NODATA', 'SKIPDATA')) as records,
    count(*) filter (where log_status = 'SKIPDATA') as skipped
  from vpc_staged
  group by source_id
)
select
  o.source_id,
  coalesce(f.flows, 0) as flows,
  coalesce(s.records, 0) - coalesce(f.flows, 0) as refused,
  (coalesce(s.skipped, 0) > 0)::integer as notes,
  f.first_at,
  f.last_at
from vpc_object as o
left join stored as f on f.source_id = o.source_id
left join staged as s on s.source_id = o.source_id
"""
