"""The other names of a workload: function, role, pod, the repository that deploys it, the vendor account it pays.

Each is a row of `subject_link` with who said so and since when. A name that several workloads have is said of each:
only addresses, interfaces and instances, of which there is one holder at a time, decide which workload a record is.
"""

from shadowscan.enrich.context import EnrichContext

# Resources that are a workload or part of one, and the workload: its group, what it is attached to, else itself.
_PARTS = """
    create or replace temp table subject_part as
    select
      a.asset_id, a.kind, a.role, a.repo,
      coalesce(
        pg.group_id, ag.group_id,
        case when is_full_id(a.parent_id) and coalesce(p.kind, 'service') in ('instance', 'function', 'service')
          then a.parent_id end,
        a.asset_id
      ) as subject_id,
      min(a.observed_at) as observed_at, coalesce(min_by(o.format, a.observed_at), min(o.format), 'inventory') as source
    from asset as a
    left join resource as p on p.asset_id = a.parent_id
    left join resource_group as pg on pg.asset_id = a.parent_id
    left join resource_group as ag on ag.asset_id = a.asset_id
    left join source_object as o on o.source_id = a.source_id
    where a.kind in ('instance', 'function', 'service', 'pod') and is_full_id(a.asset_id)
    group by a.asset_id, a.kind, a.role, a.repo, a.parent_id, p.kind, pg.group_id, ag.group_id
"""
_NAMES = """
    insert into subject_link by name
    with named as (
      select subject_id, 'function' as kind, short_name(asset_id) as value, observed_at, source
      from subject_part
      where kind = 'function'
      union all
      select subject_id, 'pod', asset_id, observed_at, source
      from subject_part
      where kind = 'pod'
      union all
      select subject_id, 'role', role, observed_at, source
      from subject_part
      where role <> 'unknown'
      union all
      select subject_id, 'repo', lower(split_part(repo, '//', 1)), observed_at, source
      from subject_part
      where repo <> 'unknown'
    )
    select subject_id, kind, value, min(observed_at) as valid_from, min(source) as source
    from named
    where value not in ('', subject_id)
    group by subject_id, kind, value
"""
# A role on a bill says which account its workloads pay. Linked accounts of a cloud are where they live, not what they
# are known as.
_ACCOUNTS = """
    insert into subject_link by name
    select
      p.subject_id, 'vendor_account' as kind, c.vendor_account_id as value, min(c.period_start_at) as valid_from,
      max(c.period_end_at) as valid_until, min(c.source_kind) as source
    from (
      select subject_id, role as payer
      from subject_part
      union
      select subject_id, asset_id
      from subject_part
    ) as p
    join (
      select *, principal_id as payer
      from charge
      union all
      select *, resource_id
      from charge
    ) as c on c.payer = p.payer
    where p.payer <> 'unknown' and c.vendor_account_id not in ('unknown', c.billing_account_id)
      and not regexp_full_match(c.vendor_account_id, '[0-9]{12}')
    group by p.subject_id, c.vendor_account_id
"""


def build(context: EnrichContext) -> None:
    """Add these names to `subject_link`. Needs `resource_group` and the macros of `inventory`."""
    for statement in (_PARTS, _NAMES, _ACCOUNTS):
        context.store.query(statement)
