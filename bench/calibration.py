"""Are the candidates' probabilities true? `python -m bench.calibration [COMPANIES] [--harsh]`; `--fit` fits anew.

Made-up companies (seeded) with a known answer: teams that work weekdays or around the clock, start, grow, share the
company's good and bad days; an account that nobody answers for, behind which stands one of them, or none. Traffic may
be unseen, the bill monthly, cardholder, cost centre, name and key another team's. Each is judged by the very code that
`report attribution` runs. The points were fitted on other seeds than the ones that are shown.
`--harsh` shows companies that are worse than those the points were fitted on.
"""

import math
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from shadowscan.figures.candidates import NOBODY, POINTS, Clue, rank_candidates
from shadowscan.figures.clues import Evidence, TeamDay, account_clues
from shadowscan.figures.spend_line import SpendLine

VENDOR, ACCOUNT = "openai", "proj_orphan"
START, DAYS = date(2026, 7, 1), 92
FIT_SEEDS, SHOWN_SEEDS = 1_000_000, 2_000_000
COMPANIES = 1000


@dataclass(frozen=True)
class World:
    """How things are in the companies. `hints`: how often a kind is given, and how often it is then right.

    `twin`: companies where one team's work follows the true team's, a decoy that regression alone takes for it.
    `outside`: accounts behind which no known team stands.
    """

    hints: dict[str, tuple[float, float]]
    twin: float
    outside: float


USUAL = World({"payer": (0.30, 0.50), "cost_center": (0.25, 0.75), "account_name": (0.30, 0.85)}, 0.2, 0.15)
HARSH = World({"payer": (0.30, 0.30), "cost_center": (0.25, 0.50), "account_name": (0.30, 0.60)}, 0.4, 0.35)


@dataclass(frozen=True)
class Case:
    """One account: what is known of it, and the team behind it (empty: none)."""

    clues: list[Clue]
    truth: str


def make_case(seed: int, world: World = USUAL) -> Case:
    """One company and its orphan account."""
    random = Random(seed)  # noqa: S311 - a simulation
    teams = [f"team{number:02}" for number in range(random.randint(3, 15))]
    shocks = _shocks(random, 0.25)
    users = [team for team in teams if random.random() < 0.6] or teams[:1]
    use = {team: _daily_use(random, shocks) for team in users}
    truth = "" if random.random() < world.outside else random.choice(users)
    behind = use[truth] if truth else _daily_use(random, shocks)
    if random.random() < world.twin:
        use[random.choice(users)] = [amount * random.lognormvariate(0, 0.15) for amount in behind]
        behind = use[truth] if truth else behind
    billed = [team for team in users if random.random() < (0.25 if team == truth else 0.5)]
    # Where a team has an account already, this one carries a part of its use, with days of its own.
    own = _shocks(random, 0.3) if truth in billed else [1.0] * DAYS
    bill = [amount * part * random.lognormvariate(0, 0.15) for amount, part in zip(behind, own, strict=True)]
    evidence = Evidence(
        traffic=[*_traffic(random, use), *_past_traffic(random, teams, use)],
        hints=_hints(random, world, teams, truth),
        code=_code(random, teams, users, truth),
        billed=[(VENDOR, team, f"proj_{team}") for team in billed],
    )
    return Case(account_clues(_lines(bill, is_daily=random.random() < 0.65), evidence), truth)


def _shocks(random: Random, spread: float) -> list[float]:
    """A series of days around 1 that remembers yesterday."""
    level, made = 0.0, []
    for _ in range(DAYS):
        level = 0.5 * level + random.gauss(0, spread)
        made.append(math.exp(level))
    return made


def _daily_use(random: Random, shocks: list[float]) -> list[float]:
    weekend = random.choice([0.15, 0.3, 1.0])
    start = random.randint(5, 70) if random.random() < 0.25 else 0
    size, growth, loading = random.lognormvariate(0, 1.2), random.uniform(-0.005, 0.015), random.uniform(0, 1)
    own = _shocks(random, random.uniform(0.1, 0.4))
    return [
        0.0
        if day < start
        else size * math.exp(growth * day) * own[day] * shocks[day] ** loading * (weekend if _weekday(day) > 4 else 1)
        for day in range(DAYS)
    ]


def _weekday(day: int) -> int:
    return (START + timedelta(days=day)).weekday()


def _traffic(random: Random, use: dict[str, list[float]]) -> list[TeamDay]:
    """Four teams in five are seen; bytes follow use loosely."""
    return [
        TeamDay(
            VENDOR, "470100000011", team, START + timedelta(days=day), int(1e9 * amount * random.lognormvariate(0, 0.2))
        )
        for team, days in use.items()
        if random.random() < 0.8
        for day, amount in enumerate(days)
        if amount
    ]


def _past_traffic(random: Random, teams: list[str], use: dict[str, list[float]]) -> list[TeamDay]:
    """Some that do not use the vendor now did in spring."""
    return [
        TeamDay(VENDOR, "470100000011", team, START - timedelta(days=day), int(1e9 * random.lognormvariate(0, 1)))
        for team in teams
        if team not in use and random.random() < 0.2
        for day in range(31, 60)
    ]


def _hints(random: Random, world: World, teams: list[str], truth: str) -> list[tuple[str, str, str, str, str]]:
    made = []
    for kind, (given, right) in world.hints.items():
        if random.random() < given:
            team = truth if truth and random.random() < right else random.choice(teams)
            made.append((VENDOR, ACCOUNT, kind, f"{kind} of {team}", team))
    return made


def _code(random: Random, teams: list[str], users: list[str], truth: str) -> list[tuple[str, str, str, str]]:
    made = []
    for team in teams:
        for kind, chances in {"code": (0.1, 0.7, 0.8), "key": (0.03, 0.15, 0.35)}.items():
            if random.random() < chances[(team in users) + (team == truth)]:
                made.append((VENDOR, team, kind, f"acme/{team}"))
    return made


def _lines(bill: list[float], *, is_daily: bool) -> list[SpendLine]:
    days = [START + timedelta(days=day) for day in range(DAYS)]
    amounts: dict[date, Decimal] = {}
    for day, amount in zip(days, bill, strict=True):
        key = day if is_daily else day.replace(day=1)
        amounts[key] = amounts.get(key, Decimal(0)) + Decimal(f"{amount * 100:.2f}")
    return [SpendLine(day, VENDOR, ACCOUNT, "api", amount) for day, amount in amounts.items() if amount]


def said(case: Case) -> list[tuple[float, str, bool]]:
    """Every candidate's probability, strength, and whether it is the one."""
    return [
        (row["probability"], row["strength"], row["team"] == case.truth)
        for row in rank_candidates(case.clues, limit=99)
    ]


def show(cases: list[Case]) -> None:
    """The reliability table: of those said so likely, how many are right."""
    rows = [row for case in cases for row in said(case)]
    print(f"{'said':>12}{'candidates':>12}{'mean said':>12}{'right':>9}{'± chance':>10}")
    gap = 0.0
    for low in range(0, 100, 10):
        inside = [row for row in rows if low <= row[0] * 100 < low + 10 or (low == 90 and row[0] == 1.0)]
        if inside:
            mean = sum(row[0] for row in inside) / len(inside)
            right = sum(row[2] for row in inside) / len(inside)
            gap += abs(mean - right) * len(inside) / len(rows)
            error = 1.96 * math.sqrt(mean * (1 - mean) / len(inside))
            print(f"{low:>6} to {low + 10:>3} %{len(inside):>11}{mean:>11.0%}{right:>9.0%}{error:>9.0%}")
    print(f"mean gap between said and right: {gap:.1%}")
    for strength in ("strong", "plausible", "weak"):
        inside = [row for row in rows if row[1] == strength]
        print(f"{strength:>12}{len(inside):>12}{'':12}{sum(row[2] for row in inside) / max(1, len(inside)):>8.0%}")
    first = [found[0] for found in map(said, cases) if found]
    outside = [case for case in cases if not case.truth]
    called = sum(1 for case in outside if any(row[1] == "strong" for row in said(case)))
    print(f"first candidate is the one in {sum(row[2] for row in first)} of {len(first)}")
    print(f"no known team behind it: {len(outside)}, of which some team was called strong in {called}")


def fit(cases: list[Case]) -> None:
    """Points that make the truth likeliest (conditional logit, lightly held towards zero)."""
    import numpy as np
    from scipy.optimize import minimize

    kinds = sorted(POINTS)
    problems = []
    for case in cases:
        teams = sorted({clue.team for clue in case.clues})
        table = np.zeros((len(teams) + 1, len(kinds) + 1))
        table[-1, -1] = 1
        for clue in case.clues:
            table[teams.index(clue.team), kinds.index(clue.kind)] += float(clue.weight)
        problems.append((table, teams.index(case.truth) if case.truth in teams else len(teams)))

    def loss(points: "np.ndarray") -> float:
        total = 0.05 * float(points @ points)
        for table, right in problems:
            scores = table @ points
            top = scores.max()
            total += float(np.log(np.exp(scores - top).sum()) + top - scores[right])
        return total

    found = minimize(loss, np.array([float(POINTS[kind]) for kind in kinds] + [float(NOBODY)]), method="L-BFGS-B")
    for kind, points in zip([*kinds, "NOBODY"], found.x, strict=True):
        print(f"{kind:>14} {points:+.1f}")


def main(arguments: list[str]) -> None:
    count = next((int(argument) for argument in arguments if argument.isdigit()), COMPANIES)
    if "--fit" in arguments:
        fit([make_case(FIT_SEEDS + number) for number in range(count)])
    else:
        world = HARSH if "--harsh" in arguments else USUAL
        show([make_case(SHOWN_SEEDS + number, world) for number in range(count)])


if __name__ == "__main__":
    main(sys.argv[1:])
