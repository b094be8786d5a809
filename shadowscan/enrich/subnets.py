"""Short-lived addresses that no controller is known for, folded into their subnet (ADR 7).

An address that several unnamed interfaces held in turn is nobody's name. Beyond that, a subnet churns when it was
watched for half a day, at least eight unnamed addresses came and went under the log's eyes, and these are at least half
of its unnamed ones. In such a subnet every unnamed address folds that no day showed for half a day or longer: what
stays up keeps its own name. All of it rests on the daily roll-up, so a day that is made again changes nothing.
"""

from datetime import timedelta

from shadowscan.enrich.context import EnrichContext

BRIEF = timedelta(hours=12)
MARGIN = timedelta(minutes=10)  # came and went: not at the very edges of what the log shows of the subnet
MINIMUM_BRIEF = 8
MINIMUM_SHARE_PERCENT = 50

_SHOWN = """
    create or replace temp table shown_address as
    with placed as (
      select
        coalesce(h.home_account_id, w.account_id) as account_id, coalesce(h.home_vpc_id, w.vpc_id) as vpc_id,
        w.client_ip as address, w.day, w.interface_id, w.region, w.first_at, w.last_at, w.record_count,
        coalesce(nullif(w.subnet_id, 'unknown'), i.subnet_id, 'unknown') as subnet_id
      from workload_day as w
      left join home as h on h.account_id = w.account_id and h.vpc_id = w.vpc_id and h.client_ip = w.client_ip
      left join (
        select asset_id, min(subnet_id) as subnet_id
        from asset
        where kind = 'eni' and subnet_id <> 'unknown'
        group by asset_id
      ) as i on i.asset_id = w.interface_id
      where w.seen_in = 'flow' and w.client_ip <> 'unknown'
    )
    select
      account_id, vpc_id, address, max_by(subnet_id, record_count) as subnet_id, max(region) as region,
      count(distinct nullif(interface_id, 'unknown')) as interfaces, max(last_at - first_at) as longest,
      min(first_at) as first_at, max(last_at) as last_at
    from placed
    where subnet_id <> 'unknown'
    group by account_id, vpc_id, address
"""
_UNNAMED = """
    create or replace temp table unnamed_address as
    select *
    from shown_address as s
    where not exists (
      select 1
      from sight as n
      where n.account_id = s.account_id and n.vpc_id = s.vpc_id and n.address = s.address
        and n.subject_id <> n.account_id || '/' || n.vpc_id || '/' || n.address
    )
"""
_CHURNING = """
    create or replace temp table churning_subnet as
    with watched as (
      select account_id, vpc_id, subnet_id, min(first_at) as first_at, max(last_at) as last_at
      from shown_address
      group by account_id, vpc_id, subnet_id
    ),
    counted as (
      select
        u.account_id, u.vpc_id, u.subnet_id, count(*) as addresses,
        count(*) filter (
          where u.longest < $brief and u.first_at >= w.first_at + $margin and u.last_at <= w.last_at - $margin
        ) as gone
      from unnamed_address as u
      join watched as w on w.account_id = u.account_id and w.vpc_id = u.vpc_id and w.subnet_id = u.subnet_id
      where w.last_at - w.first_at >= $brief
      group by u.account_id, u.vpc_id, u.subnet_id
    )
    select account_id, vpc_id, subnet_id
    from counted
    where gone >= $minimum and gone * 100 >= addresses * $share
"""
_FOLDED = """
    insert into sight
    with folded as (
      select u.account_id, u.vpc_id, u.address, u.subnet_id, u.region
      from unnamed_address as u
      left join churning_subnet as c
        on c.account_id = u.account_id and c.vpc_id = u.vpc_id and c.subnet_id = u.subnet_id
      where u.interfaces > 1 or (c.subnet_id is not null and u.longest < $brief)
    ),
    named as (
      select
        f.*,
        case
          when is_full_id(f.subnet_id) then f.subnet_id
          when starts_with(f.subnet_id, 'subnet-') and 'unknown' not in (f.region, f.account_id)
            then 'arn:' || case when starts_with(f.region, 'cn-') then 'aws-cn' when starts_with(f.region, 'us-gov-')
              then 'aws-us-gov' else 'aws' end || ':ec2:' || f.region || ':' || f.account_id || ':subnet/'
              || f.subnet_id
          else f.account_id || '/' || f.vpc_id || '/' || f.subnet_id
        end as subject_id
      from folded as f
    )
    select
      n.account_id, n.vpc_id, n.address, n.subject_id, 'workload' as kind,
      coalesce(nullif(r.name, ''), short_name(n.subnet_id)) as label, null as seen_at, 'subnet' as source, '' as eni,
      '' as instance
    from named as n
    left join resource as r on r.asset_id = n.subject_id
"""


def build(context: EnrichContext) -> None:
    """Add the folded addresses to `sight`, source `subnet`. Runs after every other sight is there."""
    query = context.store.query
    query(_SHOWN)
    query(_UNNAMED)
    numbers = {"margin": MARGIN, "minimum": MINIMUM_BRIEF, "share": MINIMUM_SHARE_PERCENT}
    query(_CHURNING, {"brief": BRIEF, **numbers})
    query(_FOLDED, {"brief": BRIEF})
