"""The daily roll-ups, open days only and in one transaction: after a kill they are made again, never half made."""

from shadowscan.enrich import egress, history_span, lookup, rollup
from shadowscan.enrich.context import EnrichContext


def build(context: EnrichContext) -> None:
    """Make `llm_egress` and `llm_lookup` for the open days. Needs `vendors`, `subject` and `subject_link`."""
    with context.store.transaction():
        if rollup.open_days(context):
            egress.build(context)
            lookup.build(context)
            history_span.build(context)
        rollup.close_days(context)
