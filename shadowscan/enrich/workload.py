"""Which subject an address was, at a time: the names of `subject_link` as disjoint intervals.

An address belongs to one workload at a time; where two links overlap, the later one ends the earlier.
"""

from shadowscan.enrich.context import EnrichContext

_LINKS = """
    create or replace temp table link_interval as
    with links as (
      select kind, value, coalesce(valid_from, timestamp '0001-01-01') as valid_from,
        max(coalesce(valid_until, timestamp '9999-01-01')) as valid_until, min(subject_id) as subject_id
      from subject_link
      where kind in ('address', 'eni', 'instance') and subject_id <> value
      group by kind, value, coalesce(valid_from, timestamp '0001-01-01')
    )
    select
      kind, value, subject_id, valid_from,
      least(
        valid_until,
        coalesce(lead(valid_from) over (partition by kind, value order by valid_from), timestamp '9999-01-01')
      ) as valid_until
    from links
"""


def build(context: EnrichContext) -> None:
    """Make `link_interval` (kind, value, subject_id, valid_from, valid_until): at most one subject at any moment."""
    context.store.query(_LINKS)
