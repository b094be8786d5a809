"""Who may be behind an account without an owner: teams ranked by what traffic, code, payer, name and dates say."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from shadowscan.figures.money import ZERO

# Log odds a kind of evidence gives, fitted by `python -m bench.calibration --fit` (simulated companies) and rounded.
POINTS = {
    "rhythm": Decimal("6.6"),  # for a team that explains all of the bill's ups and downs
    "account_name": Decimal("2.7"),
    "cost_center": Decimal("2.5"),
    "payer": Decimal("1.7"),
    "key": Decimal("1.3"),
    "code": Decimal("1.1"),
    "traffic": Decimal("0.3"),
    "dates": Decimal("0.1"),
    "explained": Decimal("-0.6"),
    "no_rhythm": Decimal("-2.7"),
    "not_then": Decimal("-3.0"),  # fitted -5.1: held back, since logs of the time may not have been collected
}
NOBODY = Decimal("2.0")  # log odds of "none of these", so that one weak hint stays weak
STRONG, PLAUSIBLE = Decimal("0.75"), Decimal("0.30")


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing said of a team: kind as in POINTS, how much of it applies (0 to 1), and in words."""

    team: str
    kind: str
    weight: Decimal
    text: str


def rank_candidates(clues: Iterable[Clue], limit: int = 3) -> list[dict[str, Any]]:
    """Teams with probability (two decimals, with a share left for nobody), strength, and both sides of the case.

    A team that nothing speaks for is no candidate, but keeps its share of the probability.
    """
    by_team: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        if clue.team != "unknown":
            by_team[clue.team].append(clue)
    odds = {team: _score(own).exp() for team, own in by_team.items()}
    whole = sum(odds.values(), NOBODY.exp())
    spoken_for = [team for team, own in by_team.items() if any(POINTS[clue.kind] * clue.weight > 0 for clue in own)]
    ranked = sorted(spoken_for, key=lambda team: (-odds[team], team))
    return [_candidate(team, odds[team] / whole, by_team[team]) for team in ranked[:limit]]


def _score(clues: list[Clue]) -> Decimal:
    return sum((POINTS[clue.kind] * clue.weight for clue in clues), ZERO)


def _candidate(team: str, probability: Decimal, clues: list[Clue]) -> dict[str, Any]:
    speaking = sorted((clue for clue in clues if POINTS[clue.kind] > 0), key=lambda c: -POINTS[c.kind] * c.weight)
    against = sorted((clue for clue in clues if POINTS[clue.kind] < 0), key=lambda c: POINTS[c.kind] * c.weight)
    kinds = {clue.kind for clue in speaking if POINTS[clue.kind] >= 1}
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
