"""Subjects: every name a workload, machine or repository goes by at a time, and one row for each that a view names.

Private addresses are reused. Where one address had several holders, each holds it from its first sight until the next
one's; a single holder holds it always, since one snapshot stands for the time around it. All of it is set-wise: what a
log shows of millions of addresses never comes into Python.
"""

from shadowscan.enrich import identity, sights, subnets
from shadowscan.enrich.context import EnrichContext

_OLD_LINKS = """
    create or replace temp table old_link as
    select subject_id, kind, value, valid_from, valid_until
    from subject_link
"""
# An unnamed holder gives way to a named one.
_HOLDERS = """
    create or replace temp table holder as
    with ranked as (
      select
        *, subject_id <> account_id || '/' || vpc_id || '/' || address as is_named,
        bool_or(subject_id <> account_id || '/' || vpc_id || '/' || address)
          over (partition by account_id, vpc_id, address) as has_name
      from sight
    ),
    changes as (
      select
        *, row_number() over in_time as place,
        coalesce(lag(subject_id) over in_time, '') <> subject_id as is_change
      from ranked
      where is_named = has_name
      window in_time as (
        partition by account_id, vpc_id, address
        order by seen_at nulls first, source, subject_id, label, eni, instance
      )
    )
    select
      account_id, vpc_id, address, subject_id, source,
      case when place = 1 then null else seen_at end as valid_from,
      lead(seen_at) over (partition by account_id, vpc_id, address order by place) as valid_until
    from changes
    where is_change
"""
_DROP_LINKS = "delete from subject_link"
_ADDRESSES = """
    insert into subject_link by name
    select subject_id, 'address' as kind, account_id || '/' || vpc_id || '/' || address as value, valid_from,
      valid_until, source
    from holder
    union all
    select
      coalesce(o.subject_id, h.home_account_id || '/' || h.home_vpc_id || '/' || h.client_ip) as subject_id,
      'address' as kind, h.account_id || '/' || h.vpc_id || '/' || h.client_ip as value, o.valid_from, o.valid_until,
      coalesce(o.source, 'network') as source
    from home as h
    left join holder as o
      on o.account_id = h.home_account_id and o.vpc_id = h.home_vpc_id and o.address = h.client_ip
"""
# An interface of several workloads names none of them.
_INTERFACES = """
    insert into subject_link by name
    with held as (
      select subject_id, 'eni' as kind, eni as value, source
      from sight
      where eni <> ''
      union all
      select subject_id, 'instance' as kind, instance as value, source
      from sight
      where instance <> ''
    )
    select min(subject_id) as subject_id, kind, value, min(source) as source
    from held
    group by kind, value
    having count(distinct subject_id) = 1
"""
_REPOSITORIES = """
    insert into subject_link by name
    select distinct repo as subject_id, 'repo' as kind, repo as value, 'repo_hit' as source
    from repo_hit
"""
# A name for people before a part of the id, a known network before an unknown one.
_NAMES = """
    create or replace temp table subject_name as
    with ranked as (
      select
        subject_id, kind, label, account_id, vpc_id,
        row_number() over (
          partition by subject_id
          order by label = '', ends_with(subject_id, label), vpc_id = 'unknown', vpc_id, label, kind
        ) as place
      from sight
    )
    select subject_id, kind, label, account_id, vpc_id
    from ranked
    where place = 1
    union all
    select distinct repo, 'repo', repo, 'unknown', 'unknown'
    from repo_hit
"""
_ADD = """
    insert into subject by name
    with missing as (
      select distinct subject_id
      from ({ids}) as named
      where subject_id is not null and subject_id not in (select subject_id from subject)
    ),
    told as (
      select
        m.subject_id, n.kind as known_kind, n.label as known_label, n.account_id as known_account_id,
        n.vpc_id as known_vpc_id, string_split(m.subject_id, '/') as parts,
        starts_with(m.subject_id, 'account:') as is_account,
        len(string_split(m.subject_id, '/')) = 3 and not is_full_id(m.subject_id) as is_address
      from missing as m
      left join subject_name as n on n.subject_id = m.subject_id
    )
    select
      subject_id,
      coalesce(known_kind, case
        when is_account then 'account'
        when subject_id in (select subject_id from llm_call) then 'principal'
        when is_address or is_full_id(subject_id) then 'workload'
        else 'repo'
      end) as kind,
      coalesce(known_label, case
        when is_account then substr(subject_id, strpos(subject_id, '/') + 1)
        when is_address then ''
        else regexp_replace(subject_id, '^.*:', '')
      end) as label,
      coalesce(known_account_id, case when is_address and not is_account then parts[1] else 'unknown' end)
        as account_id,
      coalesce(known_vpc_id, case when is_address and not is_account then parts[2] else 'unknown' end) as vpc_id
    from told
    order by subject_id
"""
_USED = "select subject_id from llm_egress union select subject_id from llm_lookup union select repo from repo_hit"


def build(context: EnrichContext) -> None:
    """Replace `subject_link`, make `subject_name`, and leave the links as they were in `old_link`.

    Needs `workload_day` and `home`.
    """
    query = context.store.query
    query(_OLD_LINKS)
    sights.build(context)
    subnets.build(context)
    query(_NAMES)
    query(_HOLDERS)
    with context.store.transaction():
        for statement in (_DROP_LINKS, _ADDRESSES, _INTERFACES, _REPOSITORIES):
            query(statement)
        identity.build(context)


def list_used(context: EnrichContext) -> None:
    """Replace `subject` by the workloads with LLM traffic or questions and the repositories with a signal."""
    context.store.query("delete from subject")
    add_missing(context, _USED)


def add_missing(context: EnrichContext, ids: str) -> list[str]:
    """Add a row, owner unknown, for every subject of a query of our own that has none; gives their ids, sorted."""
    rows = context.store.query(_ADD.format(ids=ids) + " returning subject_id").rows
    return sorted(str(row[0]) for row in rows)
