"""Whose a shared thing's traffic may be: the teams behind a NAT gateway or proxy, on a node, at a contested address."""

from typing import Any

from shadowscan.store.connection import Store

# Who is known to be on the same node, to hold the same address, or to live behind the machine in its network.
_CANDIDATES = """
    with place as (
      select value
      from subject_link
      where subject_id = $subject and kind = 'address'
      union
      select $subject
    ),
    candidate as (
      select a.parent_id as subject_id
      from asset as a
      join place as p on split_part(p.value, '/', 3) = a.placement
      where a.kind = 'pod' and a.placement <> ''
      union
      select case when a.parent_id <> 'unknown' then a.parent_id else a.asset_id end
      from asset as a
      join place as p on p.value = a.account_id || '/' || a.vpc_id || '/' || a.address
      where a.address <> ''
      union
      select subject_id
      from subject
      where ($kind = 'machine' or $decided_by = 'shared_use') and kind = 'workload'
        and account_id = $account and vpc_id = $vpc and $vpc <> 'unknown'
    )
    select s.team
    from subject as s
    semi join candidate as c on c.subject_id = s.subject_id
    where s.team <> 'unknown' and s.subject_id <> $subject
    group by s.team
    order by count(*) desc, s.team
"""


def candidate_teams(store: Store, subject: dict[str, Any]) -> list[str]:
    """Teams of the workloads that may be behind it, those with most workloads first; empty where none is known."""
    parameters = {
        "subject": subject["subject_id"],
        "kind": subject["kind"],
        "decided_by": subject["decided_by"],
        "account": subject["account_id"],
        "vpc": subject["vpc_id"],
    }
    return [str(row[0]) for row in store.query(_CANDIDATES, parameters).rows]
