"""Since when a vendor and the whole history are known, on every row of `llm_egress` once all days are there."""

from shadowscan.enrich.context import EnrichContext

_HISTORY = """
    create or replace temp table history_span as
    select min(start_at) as start_at
    from (
      select min(started_at) as start_at from flow
      union all
      select min(queried_at) from dns_query
      union all
      select min(first_seen_at) from llm_egress
      union all
      select min(first_seen_at) from llm_lookup
      union all
      select min(first_at) from source_object where contains(rows, '"flow"') or contains(rows, '"dns_query"')
    )
"""
_VENDORS = """
    create or replace temp table vendor_span as
    select vendor_id, min(first_seen_at) as first_seen_at
    from (
      select vendor_id, first_seen_at from llm_egress
      union all
      select vendor_id, first_seen_at from llm_lookup
    )
    group by vendor_id
"""
_FILL = """
    update llm_egress
    set vendor_first_seen_at = v.first_seen_at, history_start_at = h.start_at
    from vendor_span as v, history_span as h
    where v.vendor_id = llm_egress.vendor_id
      and (llm_egress.vendor_first_seen_at <> v.first_seen_at or llm_egress.history_start_at <> h.start_at)
"""


def build(context: EnrichContext) -> None:
    """Fill `vendor_first_seen_at` and `history_start_at` of `llm_egress` over all days, retained ones too."""
    for statement in (_HISTORY, _VENDORS, _FILL):
        context.store.query(statement)
