"""One answer, grouped in several ways, is one sum of dollars: the finest grouping of a bucket counts.

A cost API answers by project, by line item, or ungrouped, and each answer tells the same dollars. Grouped answers also
leave out what they do not show (the hundred largest groups, say). So of a bucket (account, day) the grouping by most
dimensions counts; the ungrouped total is split into what the groups explain, which is theirs already, and the
difference, which counts as a row of the organization itself and is shown.
"""

from collections.abc import Callable
from typing import Any

RESIDUAL = "not shown in the grouped answer"

_GROUPINGS = """
    create or replace temp table charge_grouping as
    with groupings as (
      select
        source_kind, vendor_id, billing_account_id, period_start_at, currency, grouped_by, sum(amount) as amount,
        case
          when grouped_by = 'total' then 0
          else 1 + length(grouped_by) - length(replace(grouped_by, ',', ''))
        end as dimensions
      from llm_charge
      where grouped_by <> 'none'
      group by source_kind, vendor_id, billing_account_id, period_start_at, currency, grouped_by
    )
    select
      source_kind, vendor_id, billing_account_id, period_start_at, currency, grouped_by,
      first_value(grouped_by) over finest_first as finest,
      first_value(amount) over finest_first as finest_amount
    from groupings
    window finest_first as (
      partition by source_kind, vendor_id, billing_account_id, period_start_at, currency
      order by dimensions desc, grouped_by
    )
    qualify grouped_by <> finest
"""
_INSERT_RESIDUALS = """
    insert into llm_charge by name
    select
      c.* replace (
        c.amount - g.finest_amount as amount,
        cast(0 as decimal(38, 12)) as quantity,
        $residual as description,
        'residual' as grouped_by
      )
    from llm_charge as c
    join charge_grouping as g using (source_kind, vendor_id, billing_account_id, period_start_at, currency, grouped_by)
    where c.grouped_by = 'total' and c.amount <> g.finest_amount
"""
_SETTLE = """
    update llm_charge as c
    set
      settled_by = c.source_kind || ' by ' || g.finest,
      amount = case when c.grouped_by = 'total' then g.finest_amount else c.amount end
    from charge_grouping as g
    where c.source_kind = g.source_kind
      and c.vendor_id = g.vendor_id
      and c.billing_account_id = g.billing_account_id
      and c.period_start_at = g.period_start_at
      and c.currency = g.currency
      and c.grouped_by = g.grouped_by
"""


def settle_groupings(query: Callable[..., Any]) -> None:
    """Mark in `llm_charge` what a finer answer tells better, and add what it leaves out."""
    query(_GROUPINGS)
    query(_INSERT_RESIDUALS, {"residual": RESIDUAL})
    query(_SETTLE)
