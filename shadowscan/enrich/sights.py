"""Who was seen holding an address, and when: inventory, instances and services, folded to what outlives them.

One task or instance of an autoscaling group, service or function is not a workload: its addresses stand for the
controller. A service that the log names stands before the instance its task runs on, since the next may run on another.
"""

from shadowscan.enrich import holdings, inventory
from shadowscan.enrich.context import EnrichContext

# Descriptions that AWS writes itself say what an interface is, not whose workload it is.
_MANAGED = r"(?i)^(aws|amazon|elb|efs|rds|interface for|vpc endpoint|primary network interface|eni-)\b"
_TASK = "^[0-9a-f]{32}$"  # a task without a service outlives nothing

_TABLE = """
    create or replace temp table sight (
      account_id varchar, vpc_id varchar, address varchar, subject_id varchar, kind varchar, label varchar,
      seen_at timestamp, source varchar, eni varchar, instance varchar
    )
"""
_INVENTORY = """
    insert into sight
    with held as (
      select
        a.account_id, a.vpc_id, a.address, a.asset_id, a.kind, a.name, a.parent_id, a.observed_at,
        tag_value(a.tags, '$.Name') as tag_name, p.kind as parent_kind, p.name as parent_name,
        coalesce(pg.group_id, ag.group_id) as group_id,
        case
          when is_full_id(a.parent_id) then a.parent_id
          when a.kind in ('instance', 'function', 'service') and is_full_id(a.asset_id) then a.asset_id
        end as owner_id
      from holding as a
      left join resource as p on p.asset_id = a.parent_id
      left join resource_group as pg on pg.asset_id = a.parent_id
      left join resource_group as ag on ag.asset_id = a.asset_id
    )
    select
      account_id, vpc_id, address,
      coalesce(group_id, owner_id, account_id || '/' || vpc_id || '/' || address) as subject_id,
      case when kind in ('nat_gateway', 'load_balancer') then 'machine' else 'workload' end as kind,
      case
        when group_id is not null then short_name(group_id)
        when owner_id is not null and not contains(owner_id, ':instance/') then short_name(owner_id)
        when parent_kind = 'instance' and parent_name <> '' then parent_name
        when coalesce(tag_name, '') <> '' then tag_name
        when name <> '' and not regexp_matches(name, $managed) then name
        else coalesce(short_name(owner_id), '')
      end as label,
      observed_at as seen_at, case when kind = 'pod' then 'kubernetes' else 'inventory' end as source,
      case when starts_with(asset_id, 'eni-') then asset_id else '' end as eni,
      case when contains(parent_id, ':instance/') then short_name(parent_id) else '' end as instance
    from held
"""
_SERVICES = """
    insert into sight
    with logged as (
      select
        coalesce(h.home_account_id, w.account_id) as account_id, coalesce(h.home_vpc_id, w.vpc_id) as vpc_id,
        w.client_ip, coalesce(p.parent_id, w.workload) as workload, w.region, w.seen_in, w.first_at
      from workload_day as w
      left join home as h on h.account_id = w.account_id and h.vpc_id = w.vpc_id and h.client_ip = w.client_ip
      left join known_controller as p
        on p.account_id = coalesce(h.home_account_id, w.account_id) and p.vpc_id = coalesce(h.home_vpc_id, w.vpc_id)
       and p.address = w.client_ip and p.spelling = w.workload
      where w.workload <> 'unknown' and w.client_ip <> 'unknown'
    )
    select
      account_id, vpc_id, client_ip as address,
      case
        when starts_with(workload, 'ecs/')
          then 'arn:' || case when starts_with(region, 'cn-') then 'aws-cn' when starts_with(region, 'us-gov-')
            then 'aws-us-gov' else 'aws' end || ':ecs:' || region || ':' || account_id || ':service/'
            || substr(workload, 5)
        when is_full_id(workload) then workload
        else account_id || '/' || vpc_id || '/' || replace(workload, '/', ':')
      end as subject_id,
      'workload' as kind, short_name(workload) as label, min(first_at) as seen_at, min(seen_in) as source, '' as eni,
      '' as instance
    from logged
    where not starts_with(workload, 'ecs-task/')
      and not (
        starts_with(workload, 'ecs/')
        and (region = 'unknown' or account_id = 'unknown' or regexp_matches(split_part(workload, '/', 3), $task))
      )
    group by account_id, vpc_id, client_ip, workload, region, cast(first_at as date)
"""
_INSTANCES = """
    insert into sight
    with logged as (
      select
        coalesce(h.home_account_id, w.account_id) as account_id, coalesce(h.home_vpc_id, w.vpc_id) as vpc_id,
        w.client_ip, w.instance_id, w.day, max(w.region) filter (w.region <> 'unknown') as region,
        min(w.first_at) as seen_at, min(w.seen_in) as seen_in
      from workload_day as w
      left join home as h on h.account_id = w.account_id and h.vpc_id = w.vpc_id and h.client_ip = w.client_ip
      where w.instance_id <> 'unknown' and w.client_ip <> 'unknown'
      group by 1, 2, 3, 4, 5
    ),
    known as (
      select
        l.*,
        case
          when is_full_id(l.instance_id) then l.instance_id
          when not starts_with(l.instance_id, 'i-') or l.region is null or l.account_id = 'unknown'
            then l.account_id || '/' || l.instance_id
          else 'arn:' || case when starts_with(l.region, 'cn-') then 'aws-cn' when starts_with(l.region, 'us-gov-')
            then 'aws-us-gov' else 'aws' end || ':ec2:' || l.region || ':' || l.account_id || ':instance/'
            || l.instance_id
        end as full_id
      from logged as l
    ),
    named as (
      select subject_id, max(label) as label
      from sight
      where label <> ''
      group by subject_id
    )
    select
      k.account_id, k.vpc_id, k.client_ip as address, coalesce(g.group_id, k.full_id) as subject_id,
      'workload' as kind,
      coalesce(short_name(g.group_id), nullif(r.name, ''), n.label, short_name(k.instance_id)) as label, k.seen_at,
      k.seen_in as source, '' as eni, k.instance_id as instance
    from known as k
    left join resource as r on r.asset_id = k.full_id
    left join resource_group as g on g.asset_id = k.full_id
    left join named as n on n.subject_id = k.full_id
    anti join (select distinct account_id, vpc_id, address from sight where source in ('flow', 'tls_connection')) as s
      on s.account_id = k.account_id and s.vpc_id = k.vpc_id and s.address = k.client_ip
"""

# Two resources at one address at one time: one of the lists is wrong or stale, and nothing tells which.
_CONTESTED = """
    create or replace temp table contested_address as
    select account_id, vpc_id, address, seen_at, string_agg(distinct subject_id, ', ' order by subject_id) as holders
    from sight
    where source in ('inventory', 'kubernetes') and subject_id <> account_id || '/' || vpc_id || '/' || address
    group by account_id, vpc_id, address, seen_at
    having count(distinct subject_id) > 1
"""
_DROP_CONTESTED = """
    delete from sight
    using contested_address as c
    where sight.source in ('inventory', 'kubernetes') and sight.account_id = c.account_id and sight.vpc_id = c.vpc_id
      and sight.address = c.address and sight.seen_at is not distinct from c.seen_at
"""
_ADD_CONTESTED = """
    insert into sight
    select
      account_id, vpc_id, address, account_id || '/' || vpc_id || '/' || address as subject_id, 'workload' as kind,
      '' as label, seen_at, 'inventory' as source, '' as eni, '' as instance
    from contested_address
"""


def build(context: EnrichContext) -> None:
    """Make `sight`: (account_id, vpc_id, address, subject_id, kind, label, seen_at, source, eni, instance).

    `seen_at` is null where the source does not say when; `subject_id` is the plain address where nothing better holds
    it. Makes `contested_address` (account_id, vpc_id, address, seen_at, holders) too. Needs `workload_day` and `home`.
    """
    query = context.store.query
    inventory.build(context)
    holdings.build(context)
    query(_TABLE)
    query(_INVENTORY, {"managed": _MANAGED})
    for statement in (_CONTESTED, _DROP_CONTESTED, _ADD_CONTESTED):
        query(statement)
    query(_SERVICES, {"task": _TASK})
    query(_INSTANCES)
