"""What money figures are made of: one charge line a day, with its owner and policy status."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shadowscan.figures.money import ZERO

# The account's row of the month, beside a row of `spend_day as d`.
OF_ITS_MONTH = """
    left join llm_spend as s
      on s.month = date_trunc('month', d.day)
     and s.vendor_id = d.vendor_id
     and s.service = d.service
     and s.vendor_account_id = d.vendor_account_id
     and s.kind = d.kind
     and s.source_kind = d.source_kind
     and s.currency = d.currency
     and s.via = d.via
"""


@dataclass(frozen=True, slots=True)
class SpendLine:
    """One row of `spend_day` with team, ownership and status of its account in that month."""

    day: date
    vendor_id: str
    account_id: str
    kind: str
    amount: Decimal
    currency: str = "USD"
    via: str = "direct"
    team: str = "unknown"
    owner_status: str = "unowned"
    band: str = "none"
    status: str = "approved"
    meter: str = "unknown"
    unit: str = "unknown"
    category: str = "Usage"
    quantity: Decimal = ZERO
    source_kind: str = "focus"
    account_kind: str = "project"
    payer: str = "unknown"
    provisional: bool = False

    @property
    def account(self) -> tuple[str, str]:
        """Vendor and account."""
        return self.vendor_id, self.account_id


def total(lines: Iterable[SpendLine], *kinds: str) -> Decimal:
    """Sum of the lines of these kinds, of all kinds where none is named. One currency only: the caller keeps apart."""
    return sum((line.amount for line in lines if not kinds or line.kind in kinds), ZERO)


def attribution_of(line: SpendLine) -> str:
    """attributed (high or medium confidence), provisional (low), else unowned."""
    if line.team == "unknown" or line.owner_status not in ("owned", "conflict"):
        return "unowned"
    return {"high": "attributed", "medium": "attributed", "low": "provisional"}.get(line.band, "unowned")
