"""Whose daily traffic follows an account's daily bill: non-negative regression, against what coincidence reaches.

Weekdays and a straight trend are taken out of both sides first, since every team works on weekdays and most grow: what
is left is the up and down that only one workload has. Each team's share of the explained variation is then held
against the best share that *any* team reaches when the bill is turned by some days (a circular shift keeps the bill's
own memory and breaks its tie to the traffic). A share that shifted bills reach as well is a coincidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

MIN_DAYS = 28  # under four weeks there are too few shifts to tell one in twenty from chance
MIN_CHARGED_DAYS = 14
MAX_SHIFTS = 99
MAX_TEAMS = 20
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class DailyFit:
    """One team: its share (0 to 1) of the bill's explained variation, and how often chance does as well."""

    team: str
    share: float
    chance: float
    days: int

    @property
    def is_match(self) -> bool:
        """Whether fewer than one shifted bill in twenty fits as well."""
        return self.share > 0 and self.chance <= CHANCE


def fit_days(spend: Mapping[date, Decimal], traffic: Mapping[str, Mapping[date, int]]) -> list[DailyFit]:
    """Every team with traffic, best fit first; empty where the bill is not daily or the common days are too few."""
    days = _common_days(spend, traffic)
    if len(days) < MIN_DAYS or sum(1 for day in days if spend.get(day)) < MIN_CHARGED_DAYS:
        return []
    import numpy as np

    teams = sorted(traffic, key=lambda team: (-sum(traffic[team].values()), team))[:MAX_TEAMS]
    bill = _without_habit(np.array([float(spend.get(day, 0)) for day in days]), days)
    sent = np.column_stack(
        [_without_habit(np.array([float(traffic[team].get(day, 0)) for day in days]), days) for team in teams]
    )
    shares = _shares(sent, bill)
    best_by_chance = [float(_shares(sent, np.roll(bill, shift)).max()) for shift in _shifts(len(days))]
    fits = [
        DailyFit(team, float(share), _chance(share, best_by_chance), len(days))
        for team, share in zip(teams, shares, strict=True)
    ]
    return sorted(fits, key=lambda fit: (-fit.share, fit.team))


def _common_days(spend: Mapping[date, Decimal], traffic: Mapping[str, Mapping[date, int]]) -> list[date]:
    """Every day from the later of the two beginnings to the earlier of the two ends."""
    seen = [day for days in traffic.values() for day in days]
    if not spend or not seen:
        return []
    first, last = max(min(spend), min(seen)), min(max(spend), max(seen))
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _without_habit(series: "np.ndarray[Any, Any]", days: Sequence[date]) -> "np.ndarray[Any, Any]":
    """What weekday and trend leave over, in units of its own spread; zeros where nothing is left over."""
    import numpy as np

    weekdays = np.eye(7)[[day.weekday() for day in days]]
    habit = np.column_stack([weekdays, np.linspace(-1.0, 1.0, len(days))])
    rest = series - habit @ np.linalg.lstsq(habit, series, rcond=None)[0]
    spread = float(np.linalg.norm(rest))
    # Rounding noise of a flat series is no rhythm.
    return rest / spread if spread > 1e-9 * max(1.0, float(np.linalg.norm(series))) else np.zeros(len(days))


def _shares(sent: "np.ndarray[Any, Any]", bill: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Each column's part of R². They sum to it, since the residual is orthogonal to what was fitted."""
    import numpy as np
    from scipy.optimize import nnls

    weights, _ = nnls(sent, bill)
    return np.asarray(weights * (sent.T @ bill))


def _shifts(days: int) -> list[int]:
    """At most `MAX_SHIFTS` turns, evenly spread; none within a day, where zones of bill and traffic may differ."""
    offered = range(2, days - 1)
    step = max(1, -(-len(offered) // MAX_SHIFTS))
    return list(offered[::step])


def _chance(share: float, best_by_chance: Sequence[float]) -> float:
    return (1 + sum(best >= share for best in best_by_chance)) / (1 + len(best_by_chance))
