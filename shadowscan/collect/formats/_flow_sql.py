"""The SQL of `_flow`, in the order it runs: read once into `flow_staged` in final form, then copy what is a flow.

Measured on a million text records: a copy of rows in their final form costs a third of what staging them raw and
shaping them on the way into `flow` does.
"""

from shadowscan.collect.formats._first_row import first_rows

# A number above 10^11 is in milliseconds.
CREATE_EPOCH_TIME = """
create or replace temp macro epoch_time(n) as
  case
    when n between 0 and 100000000000 then make_timestamp(n * 1000000)
    when n between 100000000001 and 253402300799000 then make_timestamp(n * 1000)
  end
"""

# What lies outside 2000 to 2100 is a broken clock, not a time.
CREATE_IS_SOUND_TIME = """
create or replace temp macro is_sound_time(moment) as
  coalesce(moment >= timestamp '2000-01-01' and moment < timestamp '2100-01-01', false)
"""
MACROS = (CREATE_EPOCH_TIME, CREATE_IS_SOUND_TIME)

# Numbers are made in a step of their own: made later, several expressions would each make them again.
STAGE = """
create or replace temp table flow_staged as
with record as (
  {read}
),
numbered as (
  select
    r.* replace (plain_address(r.source_text) as source_text, plain_address(r.target_text) as target_text),
    ipv4_number(plain_address(r.source_text)) as source_number,
    ipv4_number(plain_address(r.target_text)) as target_number
  from record as r
),
sided as (
  select
    *,
    case flow_direction
      when 'egress' then true
      when 'ingress' then false
      else is_private_text(source_text, source_number) or not is_private_text(target_text, target_number)
    end as is_out,
    contains(source_text, ':') as is_source6,
    contains(target_text, ':') as is_target6
  from numbered
)
select
  r.file,
  r.line,
  case
    when status in ('nodata', 'skipdata', 'duplicate') then status
    when status = 'foreign' then 'no record of this log'
    when not is_sound_time(started_at) then 'the start is no time between 2000 and 2100'
    when source_text is null or target_text is null then 'an address is missing'
    when not is_source6 and source_number is null then source_text || ' is no address'
    when not is_target6 and target_number is null then target_text || ' is no address'
    when is_source6 <> is_target6 then 'one address is IPv4, the other IPv6'
  end as verdict,
  started_at,
  case when is_sound_time(ended_at) and ended_at > started_at then ended_at else started_at end as ended_at,
  case when is_out then source_text else target_text end as client_ip,
  coalesce(case when is_out then source_port else target_port end, 0) as client_port,
  case when is_out then target_text else source_text end as remote_ip,
  coalesce(case when is_out then target_port else source_port end, 0) as remote_port,
  coalesce(case when is_out then interface_source_text else interface_target_text end,
    case when is_out then source_text else target_text end) as interface_client_ip,
  coalesce(case when is_out then interface_target_text else interface_source_text end,
    case when is_out then target_text else source_text end) as interface_remote_ip,
  case when is_source6 then 6 else 4 end::tinyint as ip_version,
  case when is_out then source_number else target_number end as client_lo,
  case when is_out then target_number else source_number end as remote_lo,
  case when is_out then 'egress' else 'ingress' end as direction,
  coalesce(bytes, 0) as bytes,
  coalesce(packets, 0) as packets,
  coalesce(protocol, 0) as protocol,
  {columns}
from sided as r
join read_object as o on o.file = r.file
"""

# One entry a line: a line may be wrong in several ways.
REFUSED_LINES = """
create or replace temp table refused_line as
select
  list_position($paths, s.file_path) - 1 as file,
  e.line,
  lower(arg_min(e.error_type::varchar, coalesce(e.column_idx, 0))) as why
from reject_errors as e
join reject_scans as s using (scan_id, file_id)
group by s.file_path, e.line
"""

REFUSED_BY_FILE = """
select o.source_id, count(*) as refused, min(l.line) as line, arg_min(l.why, l.line) as why
from refused_line as l
join read_object as o on o.file = l.file
group by o.source_id
"""

FIRST_ROWS = first_rows("flow_staged", "flow_first")

# The k-th record kept of a file lies as many lines further as lines before it were refused.
PLACE_AFTER_REFUSED = """
update flow_staged
set line = placed.line
from (
  with numbered as (
    select file, line, row_number() over (partition by file order by line) as refused_lines
    from refused_line
  ),
  refused as (
    select
      f.file,
      f.first_rowid + n.line - $first_line - n.refused_lines + 1 as after_rowid,
      max(n.refused_lines) as refused_lines
    from numbered as n
    join flow_first as f on f.file = n.file
    group by f.file, after_rowid
  )
  select
    s.rowid as staged_rowid,
    s.rowid - f.first_rowid + $first_line + coalesce(r.refused_lines, 0) as line
  from flow_staged as s
  join flow_first as f on f.file = s.file
  asof left join refused as r on r.file = s.file and s.rowid >= r.after_rowid
  where s.file in (select file from refused)
) as placed
where flow_staged.rowid = placed.staged_rowid
"""

INSERT_IPV4 = """
insert into flow by name
select
  o.source_id,
  coalesce(s.line, s.rowid - f.first_rowid + $first_line) as line,
  s.* exclude (file, line, verdict),
  s.remote_lo >> 8 as remote_block
from flow_staged as s
join read_object as o on o.file = s.file
join flow_first as f on f.file = s.file
where s.verdict is null
  and s.ip_version = 4
"""

COUNT_IPV6 = """
select count(*)
from flow_staged
where ip_version = 6
  and verdict is null
"""

IPV6_TEXTS = """
select distinct unnest([client_ip, remote_ip, interface_client_ip, interface_remote_ip]) as text
from flow_staged
where ip_version = 6
  and verdict is null
"""

REFUSE_IPV6 = """
update flow_staged
set verdict = client_ip || ' or ' || remote_ip || ' is no address'
where ip_version = 6
  and verdict is null
  and not exists (
    select 1
    from ipv6_address as c, ipv6_address as r
    where c.text = flow_staged.client_ip
      and r.text = flow_staged.remote_ip
      and c.ip_version = r.ip_version
  )
"""

INSERT_IPV6 = """
insert into flow by name
select
  o.source_id,
  coalesce(s.line, s.rowid - f.first_rowid + $first_line) as line,
  s.* exclude (file, line, verdict, client_lo, remote_lo)
    replace (
      c.ip_version as ip_version,
      c.canonical as client_ip,
      r.canonical as remote_ip,
      coalesce(ci.canonical, s.interface_client_ip) as interface_client_ip,
      coalesce(ri.canonical, s.interface_remote_ip) as interface_remote_ip
    ),
  c.hi as client_hi,
  c.lo as client_lo,
  r.hi as remote_hi,
  r.lo as remote_lo,
  case when r.ip_version = 6 then r.hi else r.lo >> 8 end as remote_block
from flow_staged as s
join read_object as o on o.file = s.file
join flow_first as f on f.file = s.file
join ipv6_address as c on c.text = s.client_ip
join ipv6_address as r on r.text = s.remote_ip
left join ipv6_address as ci on ci.text = s.interface_client_ip
left join ipv6_address as ri on ri.text = s.interface_remote_ip
where s.verdict is null
  and s.ip_version = 6
"""

# The share is that of the interfaces' own time in the file: lost seconds over first start to last end of each.
INSERT_SKIPPED = """
insert into coverage_note by name
with interface as (
  select
    file,
    interface_id,
    count(*) filter (where verdict = 'skipdata') as intervals,
    coalesce(sum(epoch(ended_at - started_at)) filter (where verdict = 'skipdata'), 0) as lost,
    epoch(max(ended_at) - min(started_at)) as covered,
    min(started_at) filter (where verdict = 'skipdata') as first_at,
    max(ended_at) filter (where verdict = 'skipdata') as last_at
  from flow_staged
  where file in (select file from flow_staged where verdict = 'skipdata')
  group by file, interface_id
)
select
  o.source_id,
  'skipdata' as kind,
  format(
    '{} intervals lost by the collector, {:.1f} % of the time covered',
    sum(intervals),
    least(100.0, 100.0 * sum(lost) / greatest(sum(covered), 1))
  ) as detail,
  sum(intervals)::bigint as count,
  sum(lost)::bigint as lost_seconds,
  min(first_at) as first_at,
  max(last_at) as last_at
from interface as i
join read_object as o on o.file = i.file
group by o.source_id
"""

INSERT_DUPLICATES = """
insert into coverage_note by name
select
  o.source_id,
  'duplicate' as kind,
  count(*) || ' records of what another record tells too: counted once' as detail,
  count(*) as count,
  0 as lost_seconds,
  min(s.started_at) as first_at,
  max(s.ended_at) as last_at
from flow_staged as s
join read_object as o on o.file = s.file
where s.verdict = 'duplicate'
group by o.source_id
"""

# `{refused}` is a row, or a line where a record that counts both ways is two rows.
RESULTS = """
with staged as (
  select
    file,
    count(*) filter (where verdict is null) as flows,
    count({refused}) filter (where verdict not in ('nodata', 'skipdata', 'duplicate')) as refused,
    count(*) filter (where verdict = 'skipdata') as skipped,
    count(*) filter (where verdict = 'duplicate') as duplicates,
    min(rowid) filter (where verdict not in ('nodata', 'skipdata', 'duplicate')) as refused_rowid,
    min(started_at) filter (where verdict is null) as first_at,
    max(started_at) filter (where verdict is null) as last_at
  from flow_staged
  group by file
)
select
  o.source_id,
  coalesce(s.flows, 0) as flows,
  (coalesce(s.skipped, 0) > 0)::integer + (coalesce(s.duplicates, 0) > 0)::integer as notes,
  coalesce(s.refused, 0) as refused,
  coalesce(r.line, r.rowid - f.first_rowid + $first_line) as line,
  r.verdict,
  s.first_at,
  s.last_at
from read_object as o
left join staged as s on s.file = o.file
left join flow_first as f on f.file = o.file
left join flow_staged as r on r.rowid = s.refused_rowid
"""
