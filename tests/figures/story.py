"""The story of the demo as figures see it: $100,000 became $140,000 in a quarter, 14 % of it through the gateway."""

from datetime import date
from decimal import Decimal
from typing import Any

from shadowscan.figures.facts import Facts
from shadowscan.figures.period import Span
from shadowscan.figures.spend_line import SpendLine

Q3 = Span(date(2026, 7, 1), date(2026, 10, 1), 3)
OWNED = {"owner_status": "owned", "band": "high"}


def line(vendor: str, account: str, amount: int | str, **more: Any) -> SpendLine:
    """One charge line of 1 August 2026, of API spend unless said otherwise."""
    known = {"day": date(2026, 8, 1), "kind": "api"} | more
    return SpendLine(vendor_id=vendor, account_id=account, amount=Decimal(amount), **known)


def quarter(gateway: int, search: int, support: int, data: int, orphans: tuple[int, int, int]) -> tuple[SpendLine, ...]:
    """One quarter: what each team spent, and the default workspace, the marketplace account and the card."""
    workspace, marketplace, card = orphans
    lines = (
        line("anthropic", "proj_gw", gateway, via="gateway", team="platform", **OWNED),
        line("openai", "proj_k3", search, team="search", **OWNED),
        line("anthropic", "wrkspc_01", support, team="support", owner_status="owned", band="low"),
        line("aws-bedrock", "470100000022", data, team="data", owner_status="conflict", band="medium"),
        line("anthropic", "default", workspace, account_kind="workspace", status="unapproved"),
        line("aws-bedrock", "470100000033", marketplace, account_kind="cloud_account"),
        line("openai", "Dana", card, via="opaque", account_kind="card", payer="Dana", source_kind="card_csv"),
    )
    return tuple(one for one in lines if one.amount)


PREVIOUS = quarter(9000, 30000, 20000, 28000, (8000, 5000, 0))
CURRENT = quarter(19600, 42000, 21000, 28000, (12000, 12000, 5400))


def facts(current: tuple[SpendLine, ...] = CURRENT, **more: Any) -> Facts:
    """The story's facts; everything but the lines may be replaced."""
    empty: dict[str, Any] = {
        "foreign": (), "uses": (), "calls": (), "clues": {}, "seen": {}, "reconciliation": (), "history": (),
        "growth_alert": Decimal("0.40"),
    }  # fmt: skip
    return Facts(span=Q3, currency="USD", current=current, **({"previous": PREVIOUS} | empty | more))
