"""The SQL of `gcp_vpc_flow`, in the order it runs: read once into `gcp_entry`, find what is told twice, hand over."""

from shadowscan.collect.formats._pod import controller_of

# The client's side is chosen here, once. `{entries}` gives the entries in the order of the files.
CREATE_ENTRIES = """
create or replace temp table gcp_entry as
with entry as (
  {entries}
),
sided as (
  select
    *,
    case
      when p.reporter in ('SRC', 'SRC_GATEWAY') then true
      when p.reporter in ('DEST', 'DEST_GATEWAY') then false
      else is_private_text(p.connection.src_ip, ipv4_number(p.connection.src_ip))
        or not is_private_text(p.connection.dest_ip, ipv4_number(p.connection.dest_ip))
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
  file,
  coalesce(ends_with(log_name, 'vpc_flows'), false) as is_ours,
  hash(log_name, insert_id, logged_at) as entry_hash,
  insert_id is not null as has_id,
  case when is_out then 'egress' else 'ingress' end as flow_direction,
  p.connection.src_ip as source_text,
  p.connection.dest_ip as target_text,
  p.connection.src_port as source_port,
  p.connection.dest_port as target_port,
  p.connection.protocol as protocol,
  make_timestamp(epoch_us(p.start_time)) as started_at,
  make_timestamp(epoch_us(p.end_time)) as ended_at,
  coalesce(p.disposition = 'DROPPED', false) as is_dropped,
  greatest(coalesce(p.bytes_sent, p.bytes_dropped), 0) as bytes,
  greatest(coalesce(p.packets_sent, p.packets_dropped), 0) as packets,
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

# By the text alone: numbers of every address would cost more than all the rest. RFC 1918, 6598 and 4193.
CREATE_READS_PRIVATE = """
create or replace temp macro reads_private(text) as
  regexp_matches(
    text,
    '^(?:10[.]|192[.]168[.]|172[.](?:1[6-9]|2[0-9]|3[01])[.]|100[.](?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])[.]|[fF][cCdD])'
  )
"""

# A flow between two VMs that both tell of it: the telling of the side that did not call is listed too.
ADD_TWINS = """
insert into gcp_repeated
with inside as (
  select
    rowid as row_id, file, source_text, target_text, coalesce(source_port, 0) as source_port,
    coalesce(target_port, 0) as target_port, coalesce(protocol, 0) as protocol, flow_direction = 'egress' as by_source,
    is_call
  from gcp_entry
  where is_ours
    and not is_dropped
    and (is_inside or (reads_private(source_text) and reads_private(target_text)))
),
told_twice as (
  select
    file, source_text, target_text, source_port, target_port, protocol,
    bool_or(is_call) or source_port >= target_port as source_called
  from inside
  group by file, source_text, target_text, source_port, target_port, protocol
  having bool_or(by_source) and not bool_and(by_source)
)
select i.row_id
from inside as i
join told_twice as t
  on t.file = i.file
 and t.source_text = i.source_text
 and t.target_text = i.target_text
 and t.source_port = i.source_port
 and t.target_port = i.target_port
 and t.protocol = i.protocol
where i.by_source <> t.source_called
"""

CREATE_PODS = f"""
create or replace temp table gcp_pod as
with pod as (
  select distinct pod_name
  from gcp_entry
  where pod_name is not null
)
select
  pod_name,
  {controller_of("pod_name")} as controller
from pod
"""  # noqa: S608  # our own constants only

RECORDS = """
select
  e.*,
  null::bigint as line,
  case
    when not e.is_ours then 'foreign'
    when e.rowid in (select row_id from gcp_repeated) then 'duplicate'
  end as status,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  p.controller
from gcp_entry as e
left join gcp_pod as p on p.pod_name = e.pod_name
"""

COLUMNS = {
    "sensor": "'flow_log'",
    "account_id": "coalesce(nullif(account_id, ''), 'unknown')",
    "vpc_id": "coalesce(vpc_id, 'unknown')",
    "subnet_id": "coalesce(subnet_id, 'unknown')",
    "interface_id": "'unknown'",
    "instance_id": "coalesce(instance_id, 'unknown')",
    "region": "coalesce(region, 'unknown')",
    "az": "coalesce(zone, 'unknown')",
    "workload": """coalesce(
    'k8s/' || pod_namespace || '/' || coalesce(pod_workload, controller),
    'mig/' || instance_group,
    'unknown'
  )""",
    "action": "case when is_dropped then 'reject' else 'accept' end",
    "remote_service": "coalesce(remote_service, 'unknown')",
}

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
  where list_contains($source_ids, source_id)
  group by source_id
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
)
select source_id, kind, detail, count, 0 as lost_seconds, first_at, last_at
from note
"""

DROP_TABLES = ("drop table gcp_entry", "drop table gcp_repeated", "drop table gcp_pod")
