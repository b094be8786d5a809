"""The SQL of `ocsf`: what each class's records are, from the flat columns of `_ocsf_fields`. `{read}` gives those."""

from shadowscan.collect.formats._flow import answer_direction

STAGE = """
create or replace temp table ocsf_record as
{read}
"""

FIRST_ROWS = """
create or replace temp table ocsf_first as
select file, min(rowid) as first_rowid
from ocsf_record
group by file
"""

READ_STAGED = """
select r.* replace (r.rowid - f.first_rowid + 1 as line)
from ocsf_record as r
join ocsf_first as f on f.file = r.file
"""

CLASSES = """
select distinct class_uid
from (
  {read}
)
"""

# What every class's records say in the same places, made once for all that follows.
SHARED = """
select
  *,
  coalesce(start_text::timestamp, epoch_time(start_number), time_text::timestamp, epoch_time(time_number))
    as started_at,
  coalesce(end_text::timestamp, epoch_time(end_number)) as ended_at,
  coalesce(protocol_number, case lower(protocol_name) when 'tcp' then 6 when 'udp' then 17 when 'icmp' then 1 end)
    as protocol,
  coalesce(
    lower(verdict_name) in ('denied', 'blocked', 'reject', 'dropped')
      or lower(disposition) in ('blocked', 'dropped', 'rejected'),
    false
  ) as is_denied
from (
  {read}
)
"""

# What a record counts both ways is two rows, one for each direction.
FLOWS = f"""
with counted as (
  select
    * replace (is_denied or coalesce(activity = 5, false) as is_denied),
    unnest(case when bytes_total is null and bytes_back > 0 then [false, true] else [false] end) as is_answer
  from (
    {{read}}
  )
  where class_uid = 4001
     or class_uid is null
)
select
  * exclude (bytes_sent, bytes_back, packets_sent, packets_back),
  case status_code when 'NODATA' then 'nodata' when 'SKIPDATA' then 'skipdata' end as status,
  case when is_answer then dst_ip else src_ip end as source_text,
  case when is_answer then src_ip else dst_ip end as target_text,
  case when is_answer then dst_hop else src_hop end as interface_source_text,
  case when is_answer then src_hop else dst_hop end as interface_target_text,
  case when is_answer then dst_port else src_port end as source_port,
  case when is_answer then src_port else dst_port end as target_port,
  coalesce(bytes_total, case when is_answer then bytes_back else bytes_sent end) as bytes,
  coalesce(packets_total, case when is_answer then packets_back else packets_sent end) as packets,
  case
    when lower(direction_name) = 'outbound' then case when is_answer then 'ingress' else 'egress' end
    when lower(direction_name) = 'inbound' then case when is_answer then 'egress' else 'ingress' end
    when is_answer then {answer_direction("src_ip", "dst_ip")}
  end as flow_direction
from counted
"""  # noqa: S608  # our own constants only


def _own(field: str) -> str:
    """A place on the client's side, else on the other: one interface recorded the flow."""
    client = f"case when is_out = is_answer then dst_{field} else src_{field} end"
    return f"coalesce({client}, src_{field}, dst_{field}, 'unknown')"


FLOW_COLUMNS = {
    "sensor": "case when product = 'Amazon VPC' then 'flow_log' else 'firewall' end",
    "account_id": "coalesce(account, path_account_id)",
    "vpc_id": _own("vpc"),
    "subnet_id": _own("subnet"),
    "interface_id": _own("interface"),
    "instance_id": _own("instance"),
    "region": "coalesce(cloud_region, path_region)",
    "az": "coalesce(zone, 'unknown')",
    "action": "case when is_denied then 'reject' else 'accept' end",
    "remote_service": "coalesce(case when is_out = is_answer then src_service else dst_service end, 'unknown')",
    "connection_id": "coalesce(connection, 'unknown')",
}

QUESTIONS = """
select
  *,
  coalesce(time_text::timestamp, epoch_time(time_number)) as queried_at,
  query_name as name,
  query_kind as query_type,
  case lower(rcode_name) when 'serverror' then 'SERVFAIL' when 'formerror' then 'FORMERR' else rcode_name end
    as response_code,
  src_ip as client_text
from (
  {read}
)
where class_uid = 4003
"""

QUESTION_COLUMNS = {
    "account_id": "coalesce(account, path_account_id)",
    "vpc_id": "coalesce(src_vpc, 'unknown')",
    "region": "coalesce(cloud_region, path_region)",
    "instance_id": "coalesce(src_instance, 'unknown')",
    "resolver_id": "coalesce(dst_instance, 'unknown')",
    "action": "case when is_denied then 'block' when lower(disposition) = 'alert' then 'alert' else 'allow' end",
}

HOSTS = """
select
  *,
  src_ip as client_text,
  src_port as client_port,
  dst_ip as remote_text,
  dst_port as remote_port,
  coalesce(http_host, sni) as host,
  http_path as url
from (
  {read}
)
where (class_uid = 4002 and coalesce(http_host, sni, '') <> '')
   or (class_uid = 4001 and sni <> '')
"""

HOST_COLUMNS = {
    "sensor": "case when class_uid = 4002 then 'proxy' else 'firewall' end",
    "account_id": "coalesce(account, path_account_id)",
    "vpc_id": "coalesce(src_vpc, 'unknown')",
    "region": "coalesce(cloud_region, path_region)",
    "instance_id": "coalesce(src_instance, 'unknown')",
    "protocol": "coalesce(protocol, 6)",
    "connection_id": "coalesce(connection, 'unknown')",
    "named_by": """case
    when http_host is null then 'sni'
    when upper(http_method) = 'CONNECT' then 'connect'
    else 'http_host'
  end""",
    "action": "case when is_denied then 'reject' else 'accept' end",
    "bytes_out": "coalesce(bytes_sent, 0)",
    "bytes_in": "coalesce(bytes_back, 0)",
}

INSERT_OTHERS = """
insert into coverage_note by name
with other as (
  select file, class_uid, count(*) as records
  from (
    {read}
  )
  where class_uid not in (4001, 4002, 4003)
  group by file, class_uid
)
select
  o.source_id,
  'other_class' as kind,
  sum(x.records)::bigint || ' records of OCSF class ' || string_agg(x.class_uid::varchar, ', ' order by x.class_uid)
    || ' are not about traffic' as detail,
  sum(x.records)::bigint as count,
  0 as lost_seconds
from other as x
join read_object as o on o.file = x.file
group by o.source_id
"""

COUNT_OTHERS = """
select source_id, count(*)
from coverage_note
where kind = 'other_class'
  and list_contains($source_ids, source_id)
group by source_id
"""
