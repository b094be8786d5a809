"""Who may be behind an account without an owner: teams ranked by what traffic, code, payer and dates say."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from shadowscan.figures.money import ZERO

# Points a kind of evidence gives; none alone reaches "strong". A proposal, kept in one place to be argued with.
POINTS = {
    "traffic": Decimal("3.0"),
    "key": Decimal("2.5"),
    "cost_center": Decimal("2.0"),
    "account_name": Decimal("2.0"),
    "code": Decimal("1.5"),
    "dates": Decimal("1.5"),
    "payer": Decimal("1.0"),
    "explained": Decimal("-2.0"),
    "not_then": Decimal("-2.0"),
    "no_traffic": Decimal("-0.5"),
}
NOBODY = Decimal("1.5")  # what speaks for "none of these", so that one weak hint stays weak
STRONG, PLAUSIBLE = Decimal("0.60"), Decimal("0.30")


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing said of a team: kind as in POINTS, how much of it applies (0 to 1), and in words."""

    team: str
    kind: str
    weight: Decimal
    text: str


def rank_candidates(clues: Iterable[Clue], limit: int = 3) -> list[dict[str, Any]]:
    """Teams with probability (two decimals, with a share left for nobody), strength, and both sides of the case."""
    by_team: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        if clue.team != "unknown":
            by_team[clue.team].append(clue)
    scores = {team: _score(own) for team, own in by_team.items()}
    whole = sum(scores.values(), NOBODY)
    ranked = sorted((team for team in scores if scores[team] > 0), key=lambda team: (-scores[team], team))
    return [_candidate(team, scores[team] / whole, by_team[team]) for team in ranked[:limit]]


def _score(clues: list[Clue]) -> Decimal:
    return max(ZERO, sum((POINTS[clue.kind] * clue.weight for clue in clues), ZERO))


def _candidate(team: str, probability: Decimal, clues: list[Clue]) -> dict[str, Any]:
    speaking = sorted((clue for clue in clues if POINTS[clue.kind] > 0), key=lambda c: -POINTS[c.kind] * c.weight)
    against = sorted((clue for clue in clues if POINTS[clue.kind] < 0), key=lambda c: POINTS[c.kind] * c.weight)
    kinds = {clue.kind for clue in speaking}
    strength = "weak"
    if probability >= STRONG and len(kinds) >= 2:
        strength = "strong"
    elif probability >= PLAUSIBLE:
        strength = "plausible"
    return {
        "team": team,
        "probability": float(probability.quantize(Decimal("0.01"), ROUND_HALF_EVEN)),
        "strength": strength,
        "for": [clue.text for clue in speaking],
        "against": [clue.text for clue in against],
    }
