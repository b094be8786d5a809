"""What speaks for and against each team being behind an account that nobody answers for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shadowscan.figures.candidates import Clue
from shadowscan.figures.daily_fit import fit_days
from shadowscan.figures.money import ZERO
from shadowscan.figures.period import add_months
from shadowscan.figures.spend_line import SpendLine

ONE = Decimal(1)
_BILL_WORDS = {"payer": "paid by", "cost_center": "booked on", "account_name": "the account is called"}
_CODE_WORDS = {"code": "calls the vendor's API", "key": "holds a key of the vendor"}


@dataclass(frozen=True, slots=True)
class TeamDay:
    """Bytes that one team sent to and got from one vendor on one day, out of one cloud account."""

    vendor_id: str
    account_id: str
    team: str
    day: date
    size: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything clues are drawn from.

    `hints`: vendor, account, kind, value, team. `code`: vendor, team, kind, repository. `billed`: vendor, team, and the
    account that this team's use is known to be billed to.
    """

    traffic: Sequence[TeamDay] = ()
    hints: Sequence[tuple[str, str, str, str, str]] = ()
    code: Sequence[tuple[str, str, str, str]] = ()
    billed: Sequence[tuple[str, str, str]] = ()


def account_clues(lines: Sequence[SpendLine], evidence: Evidence) -> list[Clue]:
    """All clues for the account these lines are of."""
    return [
        *_traffic_clues(lines, evidence.traffic),
        *_bill_clues(lines[0].account, evidence),
        *_code_clues(lines[0].vendor_id, evidence),
    ]


def _traffic_clues(lines: Sequence[SpendLine], traffic: Sequence[TeamDay]) -> Iterator[Clue]:
    """Whose traffic to the vendor (out of the cloud account itself where it is one), when, and in what rhythm."""
    vendor_id, account_id = lines[0].account
    is_cloud = lines[0].account_kind == "cloud_account"
    by_team: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in traffic:
        if row.vendor_id == vendor_id and (not is_cloud or row.account_id == account_id):
            by_team[row.team][row.day] += row.size
    whole = sum(sum(days.values()) for days in by_team.values())
    for team, days in sorted(by_team.items()):
        share = Decimal(sum(days.values())) / whole if whole else ZERO
        yield Clue(team, "traffic", share, f"{float(share * 100):.0f} % of the traffic to {vendor_id} is theirs")
        yield _dates_clue(team, days, lines)
    yield from _rhythm_clues(lines, by_team)


def _dates_clue(team: str, days: dict[date, int], lines: Sequence[SpendLine]) -> Clue:
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    seen = f"traffic from {min(days)} to {max(days)}"
    if min(days) < add_months(last, 1) and max(days) >= first:
        return Clue(team, "dates", ONE, f"{seen} meets the bill's dates")
    return Clue(team, "not_then", ONE, f"{seen}, the bill is not")


def _rhythm_clues(lines: Sequence[SpendLine], by_team: dict[str, dict[date, int]]) -> Iterator[Clue]:
    """Who follows the bill day by day; where somebody does, that the others do not speaks against them."""
    spend: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        spend[line.day] += line.amount
    fits = fit_days(spend, by_team)
    is_settled = any(fit.is_match for fit in fits)
    for fit in fits:
        share = Decimal(f"{fit.share:.4f}")
        if fit.is_match:
            text = (
                f"explains {fit.share:.0%} of the bill's ups and downs over {fit.days} days (chance {fit.chance:.2f})"
            )
            yield Clue(fit.team, "rhythm", share, text)
        elif is_settled:
            yield Clue(fit.team, "no_rhythm", ONE, "their days do not follow the bill's, another team's do")


def _bill_clues(account: tuple[str, str], evidence: Evidence) -> Iterator[Clue]:
    for vendor_id, account_id, kind, value, team in evidence.hints:
        if (vendor_id, account_id) == account:
            yield Clue(team, kind, ONE, f"{_BILL_WORDS[kind]} {value}")


def _code_clues(vendor: str, evidence: Evidence) -> Iterator[Clue]:
    for vendor_id, team, kind, repo in evidence.code:
        if vendor_id == vendor:
            yield Clue(team, kind, ONE, f"{repo} {_CODE_WORDS[kind]}")
    for vendor_id, team, other in evidence.billed:
        if vendor_id == vendor:
            yield Clue(team, "explained", ONE, f"their use is billed to {other} already")
