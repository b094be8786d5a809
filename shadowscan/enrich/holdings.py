"""Which resource of the inventory held which address in which network: pods before the nodes they run on.

Kubernetes does not say in which network a cluster is, nor ECS in which a task is. An interface's network is what
another list says of it, or of its subnet; a pod's address is placed by the address of its node, else by the one network
in which the address was seen at all. Between two networks nothing is guessed. The secondary addresses of a
node's interfaces are its pods', so an interface gives way to the pod that has the address; and a task's interface that
is attached to an instance is the task's, not the instance's.
"""

from shadowscan.enrich.context import EnrichContext

_NETWORKS = """
    create or replace temp table placed_network as
    select id, min(account_id) as account_id, min(vpc_id) as vpc_id
    from (
      select asset_id as id, account_id, vpc_id
      from asset
      where kind = 'eni' and vpc_id <> 'unknown'
      union
      select subnet_id as id, account_id, vpc_id
      from asset
      where subnet_id <> 'unknown' and vpc_id <> 'unknown'
    ) as told
    group by id
    having count(distinct vpc_id) = 1
"""
_NODES = """
    create or replace temp table node_network as
    select address, min(account_id) as account_id, min(vpc_id) as vpc_id, max(region) as region
    from asset
    where kind <> 'pod' and address <> '' and vpc_id <> 'unknown'
    group by address
    having count(distinct account_id || '/' || vpc_id) = 1
"""
_SEEN = """
    create or replace temp table pod_network as
    select w.client_ip as address, min(w.account_id) as account_id, min(w.vpc_id) as vpc_id
    from workload_day as w
    semi join asset as a on a.kind = 'pod' and a.address = w.client_ip
    where w.vpc_id <> 'unknown'
    group by w.client_ip
    having count(distinct w.account_id || '/' || w.vpc_id) = 1
"""
_HOLDINGS = """
    create or replace temp table holding as
    with placed as (
      select
        a.asset_id, a.kind, a.name, a.parent_id, a.placement, a.address, a.tags, a.observed_at,
        case
          when a.vpc_id <> 'unknown' then a.account_id
          else coalesce(i.account_id, nullif(a.account_id, 'unknown'), n.account_id, s.account_id, 'unknown')
        end as account_id,
        case
          when a.vpc_id <> 'unknown' then a.vpc_id
          else coalesce(i.vpc_id, u.vpc_id, n.vpc_id, s.vpc_id, 'unknown')
        end as vpc_id
      from asset as a
      left join placed_network as i on a.vpc_id = 'unknown' and i.id = a.asset_id
      left join placed_network as u on a.vpc_id = 'unknown' and u.id = a.subnet_id
      left join node_network as n on a.kind = 'pod' and n.address = a.placement
      left join pod_network as s on a.kind = 'pod' and s.address = a.address
      where a.address <> '' and a.kind not in ('unknown', 'account')
    )
    select p.*
    from placed as p
    where p.kind <> 'eni' or not exists (
      select 1
      from placed as q
      where q.address = p.address
        and (
          (q.kind = 'pod' and q.account_id = p.account_id and q.vpc_id = p.vpc_id)
          or (q.asset_id = p.asset_id and contains(p.parent_id, ':instance/') and contains(q.parent_id, ':ecs:'))
        )
    )
"""
# How flow logs spell the controllers that the inventory knows by full id.
_CONTROLLERS = """
    create or replace temp table known_controller as
    select account_id, vpc_id, address, spelling, max(parent_id) as parent_id
    from (
      select
        account_id, vpc_id, address, parent_id,
        case when kind = 'pod' then 'k8s/' || split_part(parent_id, '/', 4) || '/' || short_name(parent_id)
          else 'mig/' || short_name(parent_id) end as spelling
      from holding
      where kind = 'pod' or contains(parent_id, '/instanceGroupManagers/')
    ) as spelled
    group by account_id, vpc_id, address, spelling
"""


def build(context: EnrichContext) -> None:
    """Make `holding` (rows of `asset` that hold an address, network filled in) and `known_controller`.

    Needs `workload_day` and the macros of `inventory`.
    """
    for statement in (_NETWORKS, _NODES, _SEEN, _HOLDINGS, _CONTROLLERS):
        context.store.query(statement)
