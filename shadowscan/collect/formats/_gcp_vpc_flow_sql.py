"""The SQL of `gcp_vpc_flow`, in the order it runs: read once into `gcp_staged`, find tellings that repeat, insert."""

# The client's side is chosen here, once. `{entries}` gives the entries in the order of the file.
STAGE = """
create or replace temp table gcp_staged as
with entry as (
  {entries}
),
sided as (
  select
    *,
    case
      when p.reporter in ('SRC', 'SRC_GATEWAY') then true
      when p.reporter in ('DEST', 'DEST_GATEWAY') then false
      else coalesce(ipv4_is_private(ipv4_number(p.connection.src_ip)), true)
        or not coalesce(ipv4_is_private(ipv4_number(p.connection.dest_ip)), false)
    end as is_out
  from entry
),
chosen as (
  select
    *,
    case when is_out then p.src_instance else p.dest_instance end as instance,
    case when is_out then p.src_vpc else p.dest_vpc end as vpc,
    case when is_out then p.src_gke_details.pod else p.dest_gke_details.pod end as pod,
    case when is_out then p.dest_google_service else p.src_google_service end as service
  from sided
)
select
  source_id,
  coalesce(ends_with(log_name, 'vpc_flows'), false) as is_ours,
  hash(log_name, insert_id, logged_at) as entry_hash,
  insert_id is not null as has_id,
  is_out,
  p.connection.src_ip as src_ip,
  p.connection.dest_ip as dest_ip,
  ipv4_number(p.connection.src_ip) as src_number,
  ipv4_number(p.connection.dest_ip) as dest_number,
  p.connection.src_port as src_port,
  p.connection.dest_port as dest_port,
  p.connection.protocol as protocol,
  make_timestamp(epoch_us(p.start_time)) as started_at,
  make_timestamp(epoch_us(p.end_time)) as ended_at,
  coalesce(p.disposition = 'DROPPED', false) as is_dropped,
  coalesce(p.bytes_sent, p.bytes_dropped) as bytes,
  coalesce(p.packets_sent, p.packets_dropped) as packets,
  p.connection_direction is not null as is_call,
  p.src_vpc.vpc_name is not null and p.dest_vpc.vpc_name is not null as is_inside,
  coalesce(instance.project_id, vpc.project_id, resource.labels.project_id, split_part(log_name, '/', 2)) as account_id,
  vpc.project_id || ':' || vpc.vpc_name as vpc_id,
  vpc.subnetwork_name as subnet_id,
  coalesce(instance.region, regexp_replace(resource.labels.location, '-[a-z]$', '')) as region,
  instance.zone as zone,
  'projects/' || instance.project_id || '/zones/' || instance.zone || '/instances/' || instance.vm_name as instance_id,
  instance.managed_instance_group.name as instance_group,
  pod.pod_namespace as pod_namespace,
  pod.pod_name as pod_name,
  pod.pod_workload.workload_name as pod_workload,
  coalesce(service.service_name, service.type) as remote_service
from chosen
"""

# Cloud Logging may write an entry twice; the second and later ones are listed by row.
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

# A flow between two VMs that both tell of it: the telling of the side that did not call is listed by row.
CREATE_TWINS = """
create or replace temp table gcp_twin as
with inside as (
  select
    rowid as row_id, source_id, src_ip, dest_ip, coalesce(src_port, 0) as src_port, coalesce(dest_port, 0) as dest_port,
    coalesce(protocol, 0) as protocol, is_out, is_call
  from gcp_staged
  where is_ours
    and not is_dropped
    and (is_inside or (ipv4_is_private(src_number) and ipv4_is_private(dest_number)))
),
told_twice as (
  select
    source_id, src_ip, dest_ip, src_port, dest_port, protocol,
    bool_or(is_call) or src_port >= dest_port as by_source
  from inside
  group by source_id, src_ip, dest_ip, src_port, dest_port, protocol
  having bool_or(is_out) and not bool_and(is_out)
)
select i.row_id
from inside as i
join told_twice as t
  on t.source_id = i.source_id
 and t.src_ip = i.src_ip
 and t.dest_ip = i.dest_ip
 and t.src_port = i.src_port
 and t.dest_port = i.dest_port
 and t.protocol = i.protocol
where i.is_out <> t.by_source
"""

# Kubernetes draws the endings of pod names from this alphabet: ReplicaSet hash and pod, CronJob time and pod, pod of a
# DaemonSet, number of a StatefulSet (k8s.io/apimachinery/pkg/util/rand).
CREATE_PODS = """
create or replace temp table gcp_pod as
with pod as (
  select distinct pod_name
  from gcp_staged
  where pod_name is not null
)
select
  pod_name,
  regexp_replace(
    pod_name,
    '-(?:[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}'
    || '|[0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}|[bcdfghjklmnpqrstvwxz2456789]{5}|[0-9]+)$',
    ''
  ) as controller
from pod
"""

IPV6_TEXTS = """
select distinct text
from (
  select unnest([src_ip, dest_ip]) as text
  from gcp_staged
  where is_ours
    and (src_number is null or dest_number is null)
)
where contains(text, ':')
"""

INSERT_FLOWS = """
insert into flow by name
with first_row as (
  select source_id, min(rowid) as first_rowid
  from gcp_staged
  group by source_id
),
record as (
  select s.*, s.rowid - f.first_rowid + 1 as line
  from gcp_staged as s
  join first_row as f on f.source_id = s.source_id
  where s.is_ours
    and s.rowid not in (select row_id from gcp_repeated)
    and s.rowid not in (select row_id from gcp_twin)
    and s.started_at >= timestamp '2000-01-01'
    and s.started_at < timestamp '2100-01-01'
),
addressed as (
  select
    r.*,
    coalesce(s6.canonical, r.src_ip) as source_ip,
    coalesce(t6.canonical, r.dest_ip) as target_ip,
    coalesce(s6.ip_version, 4) as source_version,
    coalesce(t6.ip_version, 4) as target_version,
    coalesce(s6.hi, 0) as source_hi,
    coalesce(t6.hi, 0) as target_hi,
    coalesce(s6.lo, r.src_number) as source_lo,
    coalesce(t6.lo, r.dest_number) as target_lo,
    p.controller
  from record as r
  left join ipv6_address as s6 on s6.text = r.src_ip
  left join ipv6_address as t6 on t6.text = r.dest_ip
  left join gcp_pod as p on p.pod_name = r.pod_name
)
select
  source_id,
  line,
  started_at,
  case when ended_at >= started_at and ended_at < timestamp '2100-01-01' then ended_at else started_at end as ended_at,
  'flow_log' as sensor,
  coalesce(nullif(account_id, ''), 'unknown') as account_id,
  coalesce(vpc_id, 'unknown') as vpc_id,
  coalesce(subnet_id, 'unknown') as subnet_id,
  coalesce(instance_id, 'unknown') as instance_id,
  coalesce(region, 'unknown') as region,
  coalesce(zone, 'unknown') as az,
  coalesce(
    'k8s/' || pod_namespace || '/' || coalesce(pod_workload, controller), 'mig/' || instance_group, 'unknown'
  ) as workload,
  case when is_out then source_ip else target_ip end as client_ip,
  coalesce(case when is_out then src_port else dest_port end, 0) as client_port,
  case when is_out then target_ip else source_ip end as remote_ip,
  coalesce(case when is_out then dest_port else src_port end, 0) as remote_port,
  case when is_out then source_ip else target_ip end as interface_client_ip,
  case when is_out then target_ip else source_ip end as interface_remote_ip,
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
  case when is_dropped then 'reject' else 'accept' end as action,
  greatest(coalesce(bytes, 0), 0) as bytes,
  greatest(coalesce(packets, 0), 0) as packets,
  coalesce(remote_service, 'unknown') as remote_service
from addressed
where source_lo is not null
  and target_lo is not null
  and source_version = target_version
"""

INSERT_NOTES = """
insert into coverage_note by name
with bounds as (
  select
    source_id,
    count(*) as flows,
    count(*) filter (where vpc_id = 'unknown') as unnamed,
    min(started_at) as first_at,
    max(ended_at) as last_at
  from flow
  where source_id in (select source_id from gcp_object)
  group by source_id
),
repeated as (
  select s.source_id, count(*) as entries
  from gcp_staged as s
  where s.rowid in (select row_id from gcp_repeated union select row_id from gcp_twin)
  group by s.source_id
),
note as (
  select
    source_id, 'sampled' as kind, flows as count, first_at, last_at,
    'flow logs are sampled: bytes are estimates, and a flow that is missing may have been' as detail
  from bounds
  union all
  select
    source_id, 'no_metadata', unnamed, first_at, last_at,
    unnamed || ' flows without metadata: their network and VM are not known'
  from bounds
  where unnamed > 0
  union all
  select
    r.source_id, 'duplicate', r.entries, b.first_at, b.last_at,
    r.entries || ' entries told by the other end too, or twice: counted once'
  from repeated as r
  join bounds as b on b.source_id = r.source_id
)
select source_id, kind, detail, count, 0 as lost_seconds, first_at, last_at
from note
"""

RESULTS = """
with stored as (
  select source_id, count(*) as flows, min(started_at) as first_at, max(started_at) as last_at
  from flow
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
    count(*) filter (
      where is_ours and rowid not in (select row_id from gcp_repeated union select row_id from gcp_twin)
    ) as entries
  from gcp_staged
  group by source_id
)
select
  o.source_id,
  coalesce(f.flows, 0) as flows,
  coalesce(n.notes, 0) as notes,
  coalesce(s.others, 0) as others,
  coalesce(s.entries, 0) - coalesce(f.flows, 0) as unusable,
  f.first_at,
  f.last_at
from gcp_object as o
left join stored as f on f.source_id = o.source_id
left join noted as n on n.source_id = o.source_id
left join staged as s on s.source_id = o.source_id
"""

DROP_STAGED = ("drop table gcp_staged", "drop table gcp_repeated", "drop table gcp_twin", "drop table gcp_pod")
