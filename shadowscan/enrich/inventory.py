"""The inventory as temp tables: one row a resource, and the group that outlives it."""

from shadowscan.enrich.context import EnrichContext

_MACROS = (
    "create or replace temp macro short_name(id) as "
    "regexp_replace(regexp_replace(replace(id, 'asg:', ''), '^.*/', ''), '^.*:', '')",
    # ARNs, Azure resource ids, Google's resource names and Kubernetes objects stand alone; `i-0d` and `eni-0c` do not.
    "create or replace temp macro is_full_id(id) as "
    "starts_with(id, 'arn:') or starts_with(id, '/') or starts_with(id, 'projects/') or starts_with(id, 'k8s://')",
    "create or replace temp macro tag_value(tags, path) as "
    "case when json_valid(tags) then json_extract_string(tags, path) end",
)
# Later snapshots win, but an empty name or missing tag of a later list takes nothing away.
_RESOURCES = """
    create or replace temp table resource as
    with numbered as (
      select
        asset_id, kind, name, account_id, region, tag_value(tags, '$."aws:autoscaling:groupName"') as group_name,
        row_number() over (order by observed_at nulls first, asset_id, address, tags, source_id, line) as place
      from asset
    )
    select
      asset_id, max_by(kind, place) as kind, coalesce(max_by(name, place) filter (name <> ''), '') as name,
      max_by(account_id, place) as account_id, max_by(region, place) as region,
      max_by(group_name, place) filter (group_name is not null) as group_name
    from numbered
    group by asset_id
"""
_GROUPS = """
    create or replace temp table resource_group as
    with listed as (
      select account_id, region, split_part(asset_id, ':autoScalingGroupName/', 2) as name, min(asset_id) as arn
      from resource
      where contains(asset_id, ':autoScalingGroupName/')
      group by account_id, region, split_part(asset_id, ':autoScalingGroupName/', 2)
    )
    select
      r.asset_id, coalesce(l.arn, r.account_id || '/' || r.region || '/asg:' || r.group_name) as group_id
    from resource as r
    left join listed as l on l.account_id = r.account_id and l.region = r.region and l.name = r.group_name
    where r.group_name is not null
"""


def build(context: EnrichContext) -> None:
    """Make `resource` (one row an asset id) and `resource_group` (asset_id, group_id), and the macros on ids."""
    for statement in (*_MACROS, _RESOURCES, _GROUPS):
        context.store.query(statement)
