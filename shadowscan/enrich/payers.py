"""Who pays is not who answers: an API account known by its payer alone stays without an owner.

A seat is used by whoever bought it, or by their team. A key bought with a card is used by workloads that the card
says nothing of: cardholder and cost centre stay as evidence and rank candidates, never decide.
"""

from shadowscan.enrich.context import EnrichContext
from shadowscan.model.owner import UNOWNED

_DISOWN = """
    update subject
    set team = 'unknown', owner_status = $status, owner_confidence = 0, decided_by = $decided_by
    where kind = 'account'
      and decided_by = 'payer'
      and subject_id in (
        select 'account:' || vendor_id || '/' || vendor_account_id
        from llm_spend
        where kind = 'api'
      )
"""


def disown_payers(context: EnrichContext) -> None:
    """Take the team off API accounts that only a payer or cost centre speaks of; the evidence stays."""
    context.store.query(_DISOWN, {"status": UNOWNED.status, "decided_by": UNOWNED.decided_by})
