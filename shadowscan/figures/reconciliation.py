"""Every source of a bill: what it says, what of it counts, what a higher authority says better."""

from typing import Any

from shadowscan.figures.facts import Facts
from shadowscan.figures.money import money


def reconciliation(facts: Facts) -> list[dict[str, Any]]:
    """One row a source and currency; `difference` is the superseded total less what the authority says."""
    return [
        {
            "source": source if currency == facts.currency else f"{source} ({currency})",
            "total": money(total),
            "counted": money(counted),
            "superseded": money(superseded),
            "difference": money(difference),
        }
        for source, currency, total, counted, superseded, difference in facts.reconciliation
    ]
