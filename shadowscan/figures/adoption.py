"""Gateway adoption as a range that admits what cannot be seen, and beside it by requests, tokens, teams, workloads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shadowscan.figures.money import ZERO, money, percent
from shadowscan.figures.spend_line import SpendLine

Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Use:
    """LLM traffic of one subject in one week by one route. `week` as `2026-W39`; calls and tokens 0 where not known."""

    week: str
    subject_id: str
    team: str
    via: str
    calls: int = 0
    tokens: int = 0


def adoption_range(amounts: Mapping[str, Decimal]) -> Figure:
    """`low` and `high` percent of spend through the gateway: opaque spend counted as direct, then as gateway."""
    gateway, opaque = amounts.get("gateway", ZERO), amounts.get("opaque", ZERO)
    whole = sum(amounts.values(), ZERO)
    return {
        "low": percent(gateway, whole),
        "high": percent(gateway + opaque, whole),
        "opaque_percent": percent(opaque, whole),
    }


def spend_adoption(lines: Iterable[SpendLine]) -> Figure:
    """The headline, by billed API spend."""
    return {"basis": "spend", **adoption_range(spend_by_via(lines))}


def spend_by_via(lines: Iterable[SpendLine]) -> dict[str, Decimal]:
    """API spend by gateway, direct, opaque."""
    amounts = dict.fromkeys(("gateway", "direct", "opaque"), ZERO)
    for line in lines:
        if line.kind == "api":
            amounts[line.via if line.via in amounts else "opaque"] += line.amount
    return amounts


def count_adoption(uses: Iterable[Use], field: str) -> Figure:
    """Share of `calls` or `tokens` through the gateway, with what has no known route as the range."""
    counts: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for use in uses:
        counts[use.via if use.via in ("gateway", "direct") else "opaque"] += Decimal(getattr(use, field))
    return {name: int(counts[name]) for name in ("gateway", "direct", "opaque")} | adoption_range(counts)


def member_adoption(uses: Iterable[Use], field: str) -> Figure:
    """Teams or workloads that use only the gateway, both, or only go past it. `field` is team or subject_id."""
    routes: dict[str, set[str]] = defaultdict(set)
    for use in uses:
        if use.via in ("gateway", "direct"):
            routes[getattr(use, field)].add(use.via)
    routes.pop("unknown", None)
    gateway_only = sum(seen == {"gateway"} for seen in routes.values())
    mixed = sum(len(seen) == 2 for seen in routes.values())
    return {
        "percent": percent(Decimal(gateway_only), Decimal(len(routes))),
        "gateway_only": gateway_only,
        "mixed": mixed,
        "bypass_only": len(routes) - gateway_only - mixed,
        "total": len(routes),
    }


def adoption_by_team(lines: Sequence[SpendLine], uses: Iterable[Use] = ()) -> list[Figure]:
    """The range of each team by spend, biggest spender first, with the route its traffic takes.

    A team whose traffic is seen and whose bill is not has no range; one without traffic seen has route `unknown`.
    """
    grouped: dict[str, list[SpendLine]] = defaultdict(list)
    for line in lines:
        if line.kind == "api":
            grouped[line.team].append(line)
    routes = _routes_by_team(uses)
    rows = []
    for team in grouped.keys() | (routes.keys() - {"unknown"}):
        amounts = spend_by_via(grouped.get(team, ()))
        rows.append((sum(amounts.values(), ZERO), team, adoption_range(amounts)))
    return [
        {"team": team, "spend": money(amount), **found, "route": routes.get(team, "unknown")}
        for amount, team, found in sorted(rows, key=lambda row: (-row[0], row[1]))
    ]


def _routes_by_team(uses: Iterable[Use]) -> dict[str, str]:
    """gateway, mixed or bypass, by the traffic of all workloads of the team."""
    seen: dict[str, set[str]] = defaultdict(set)
    for use in uses:
        if use.via in ("gateway", "direct"):
            seen[use.team].add(use.via)
    return {
        team: "mixed" if len(routes) == 2 else "gateway" if "gateway" in routes else "bypass"
        for team, routes in seen.items()
    }


def adoption_by_week(uses: Iterable[Use]) -> list[Figure]:
    """Workloads on the gateway alone, week by week."""
    weeks: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        weeks[use.week].append(use)
    return [{"week": week, **member_adoption(weeks[week], "subject_id")} for week in sorted(weeks)]


def narrow_by(lines: Iterable[SpendLine]) -> list[Figure]:
    """The evidence that would narrow the range most: opaque spend by account, biggest first."""
    lines = [line for line in lines if line.kind == "api"]
    whole = sum((line.amount for line in lines), ZERO)
    opaque: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.via not in ("gateway", "direct"):
            opaque[line.account] += line.amount
    ranked = sorted(opaque.items(), key=lambda entry: (-entry[1], entry[0]))
    return [
        {
            "vendor": vendor,
            "account_id": account,
            "spend": money(amount),
            "points": percent(amount, whole),
            "evidence": f"the usage export of the {vendor} organisation that {account} pays for, by project and key",
        }
        for (vendor, account), amount in ranked
        if amount > 0
    ]
