"""An invoice and the vendor's own cost export tell the same dollars: the export gives the shares, the invoice the sum.

Of a vendor, month, currency and kind: where both are there, the export's rows count, and what the invoice says beyond
them counts as a row of its own, a residual that is shown. An invoice that says less than the export by more than 1 %
does not explain it (a prepayment, one of several organizations): then the export counts alone, and the reconciliation
shows the difference.
"""

from collections.abc import Callable
from typing import Any

RESIDUAL = "invoiced beyond the vendor's own cost export"

_INVOICES = """
    create or replace temp table charge_invoice as
    with invoiced as (
      select vendor_id, month, currency, kind, sum(amount) as amount, min((source_id, line)) as first_row
      from llm_charge
      where authority = 5
      group by vendor_id, month, currency, kind
    ),
    exported as (
      select vendor_id, month, currency, kind, sum(amount) as amount, min(source_kind) as source_kind
      from llm_charge
      where authority = 3 and settled_by = 'none'
      group by vendor_id, month, currency, kind
    )
    select
      vendor_id, month, currency, kind, e.source_kind, i.first_row,
      case when i.amount * 100 >= e.amount * 99 then i.amount - e.amount else 0 end as residual
    from invoiced as i
    join exported as e using (vendor_id, month, currency, kind)
"""
# What the residual takes is taken from the first row, so that counted and superseded stay the invoice to the cent.
_SETTLE = """
    update llm_charge as c
    set
      settled_by = i.source_kind || ' ' || c.vendor_id,
      amount = case when (c.source_id, c.line) = i.first_row then c.amount - i.residual else c.amount end
    from charge_invoice as i
    where c.authority = 5
      and c.vendor_id = i.vendor_id
      and c.month = i.month
      and c.currency = i.currency
      and c.kind = i.kind
"""
_INSERT_RESIDUALS = """
    insert into llm_charge by name
    select
      c.* replace (
        i.residual as amount,
        cast(0 as decimal(38, 12)) as quantity,
        $residual as description,
        'none' as settled_by
      )
    from llm_charge as c
    join charge_invoice as i
      on c.authority = 5
     and c.vendor_id = i.vendor_id
     and c.month = i.month
     and c.currency = i.currency
     and c.kind = i.kind
     and (c.source_id, c.line) = i.first_row
    where i.residual <> 0
"""


def settle_invoices(query: Callable[..., Any]) -> None:
    """Mark in `llm_charge` the invoices whose dollars a cost export shares out, and add what it leaves out."""
    query(_INVOICES)
    query(_SETTLE)
    query(_INSERT_RESIDUALS, {"residual": RESIDUAL})
