"""Who answers for the bill: the figures of report `attribution`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from shadowscan.figures.bridge import growth_bridge
from shadowscan.figures.candidates import rank_candidates
from shadowscan.figures.facts import Facts
from shadowscan.figures.money import ZERO, growth_percent, money, percent, percents
from shadowscan.figures.reconciliation import reconciliation
from shadowscan.figures.spend_line import SpendLine, attribution_of, total

Figure = dict[str, Any]
BANDS = ("high", "medium", "low", "none")


def attribution_figures(facts: Facts) -> Figure:
    """All figures of the contract's section 5, `attribution`."""
    now, before = total(facts.current, "api"), total(facts.previous, "api")
    seats = total(facts.current, "seat")
    return {
        "total_api_spend": money(now),
        "total_seat_spend": money(seats),
        "total_spend": money(now + seats + total(facts.current, "platform")),
        "previous_total_api_spend": money(before),
        "growth_percent": growth_percent(now, before),
        **attribution_shares(facts.current),
        "by_team": spend_by_team(facts.current, facts.previous),
        "bridge": [
            {"team": step.team, "vendor": step.vendor, "driver": step.driver, "change": money(step.change)}
            for step in growth_bridge(facts.current, facts.previous)
        ],
        "unattributed_accounts": unattributed_accounts(facts),
        "exclusions": exclusions(facts.current, facts.foreign),
        "reconciliation": reconciliation(facts),
    }


def attribution_shares(lines: Iterable[SpendLine]) -> Figure:
    """API spend attributed, provisional, unowned: amounts that sum to the total, percents that sum to 100.0."""
    names = ("attributed", "provisional", "unowned")
    amounts = dict.fromkeys(names, ZERO)
    for line in lines:
        if line.kind == "api":
            amounts[attribution_of(line)] += line.amount
    shares = percents([amounts[name] for name in names])
    return {name: {"amount": money(amounts[name]), "percent": share} for name, share in zip(names, shares, strict=True)}


def spend_by_team(current: Sequence[SpendLine], previous: Sequence[SpendLine]) -> list[Figure]:
    """API spend by team, biggest first, `unknown` last; `confidence` is the band most of it rests on."""
    now, before = _group(current), _group(previous)
    rows = [_team_row(team, now.get(team, []), total(before.get(team, ()))) for team in now.keys() | before.keys()]
    return sorted(rows, key=lambda row: (row["team"] == "unknown", -Decimal(row["api_spend"]), row["team"]))


def _group(lines: Iterable[SpendLine]) -> dict[str, list[SpendLine]]:
    grouped: dict[str, list[SpendLine]] = defaultdict(list)
    for line in lines:
        if line.kind == "api":
            grouped[line.team].append(line)
    return grouped


def _team_row(team: str, lines: Sequence[SpendLine], before: Decimal) -> Figure:
    now = total(lines)
    bands = {band: total(line for line in lines if line.band == band) for band in BANDS}
    return {
        "team": team,
        "api_spend": money(now),
        "previous": money(before),
        "growth_percent": growth_percent(now, before),
        "confidence": max(BANDS, key=lambda band: bands[band]) if lines else "none",
        "unapproved": money(total(line for line in lines if line.status in ("unapproved", "denied"))),
        "via_gateway_percent": percent(total(line for line in lines if line.via == "gateway"), now),
    }


def unattributed_accounts(facts: Facts) -> list[Figure]:
    """API accounts not attributed with some confidence, biggest first, with candidates and the next step."""
    grouped: dict[tuple[str, str], list[SpendLine]] = defaultdict(list)
    for line in facts.current:
        if line.kind == "api" and attribution_of(line) != "attributed" and line.owner_status != "shared":
            grouped[line.account].append(line)
    ranked = sorted(grouped.items(), key=lambda entry: (-total(entry[1]), entry[0]))
    return [_account_row(facts, account, lines) for account, lines in ranked]


def _account_row(facts: Facts, account: tuple[str, str], lines: Sequence[SpendLine]) -> Figure:
    vendor_id, account_id = account
    first, last = facts.seen.get(account, (lines[0].day, lines[-1].day))
    candidates = rank_candidates(facts.clues.get(account, ()))
    return {
        "vendor": vendor_id,
        "account_id": account_id,
        "kind": lines[0].account_kind,
        "spend": money(total(lines)),
        "first_seen_at": f"{first:%Y-%m-%dT%H:%M:%SZ}",
        "last_seen_at": f"{last:%Y-%m-%dT%H:%M:%SZ}",
        "payer": lines[0].payer,
        "candidates": candidates,
        "next_step": _next_step(lines[0], candidates, total(lines)),
    }


def _next_step(line: SpendLine, candidates: Sequence[Figure], spend: Decimal) -> str:
    """The one action that would settle whose the account is, and the entry that records the answer."""
    likely = [found["team"] for found in candidates if found["strength"] != "weak"]
    if likely:
        act = f"ask {likely[0]}"
    elif line.account_kind == "cloud_account":
        act = f"collect the flow logs of account {line.account_id}, which would decide {money(spend)} {line.currency}"
    elif line.account_kind == "card":
        act = f"ask {line.payer} which application uses the key behind this charge"
    else:
        act = f"read in {line.vendor_id}'s console who is a member and what its keys are called"
    entry = f"{{vendor: {line.vendor_id}, id: {line.account_id}, team: {likely[0] if likely else 'TEAM'}}}"
    return f"{act}, then add {entry} to vendor_accounts of owners.yaml"


def exclusions(current: Iterable[SpendLine], foreign: Iterable[SpendLine]) -> list[Figure]:
    """What the headline leaves out, each with its amount: seats, platform, tax, credits, other currencies."""
    reasons = {"seat": "seats", "platform": "platform fees", "tax": "tax", "credit": "credits"}
    amounts: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for line in current:
        if line.kind in reasons:
            amounts[reasons[line.kind], line.currency] += line.amount
    for line in foreign:
        amounts[f"{reasons.get(line.kind, 'API')} in another currency", line.currency] += line.amount
    return [
        {"what": what, "amount": money(amount), "currency": currency}
        for (what, currency), amount in sorted(amounts.items())
    ]
