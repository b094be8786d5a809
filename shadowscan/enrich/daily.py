"""The daily roll-ups, open days only and in one transaction: after a kill they are made again, never half made."""

from shadowscan.enrich import calls, egress, history_span, hunt_rollup, lookup, rollup
from shadowscan.enrich.context import EnrichContext


def build(context: EnrichContext) -> None:
    """Make `llm_egress`, `llm_lookup`, `llm_call` and the roll-ups beside them for the open days.

    Needs `workload_day`, `home`, `vendor_name` and `subject_link`.
    """
    with context.store.transaction():
        if rollup.open_days(context):
            egress.build(context)
            lookup.build(context)
            calls.build(context)
            hunt_rollup.build(context)
            history_span.build(context)
        rollup.close_days(context)
