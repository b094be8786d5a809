"""What the next period will cost, with an interval, and who has passed what policy takes for ordinary growth."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import Any

from shadowscan.figures.money import CENT, ZERO, growth_percent, money
from shadowscan.figures.period import Span, add_months
from shadowscan.figures.spend_line import SpendLine

Figure = dict[str, Any]
MIN_MONTHS, MAX_MONTHS = 2, 12
# Student's t that 90 % lie under, by degrees of freedom: between minus and plus that lie 80 %.
_T90 = tuple(map(Decimal, ("3.078", "1.886", "1.638", "1.533", "1.476", "1.440", "1.415", "1.397", "1.383", "1.372")))


@dataclass(frozen=True, slots=True)
class Month:
    """API spend of one month; `is_complete` where bills reach its end."""

    month: date
    amount: Decimal
    is_complete: bool = True

    @property
    def daily(self) -> Decimal:
        """Average of a day: months differ in length."""
        return self.amount / days_of(self.month)


def days_of(month: date) -> int:
    """Days of that month."""
    return calendar.monthrange(month.year, month.month)[1]


def without_gaps(months: Iterable[Month]) -> list[Month]:
    """The months in order, those without a bill between the first and the last as zero."""
    known = {one.month: one for one in months}
    if not known:
        return []
    made, month = [], min(known)
    while month <= max(known):
        made.append(known.get(month, Month(month, ZERO)))
        month = add_months(month, 1)
    return made


def forecast(months: Sequence[Month], span: Span) -> Figure:
    """API spend of `span`: what is known of its months, and the rest by run-rate and drift, with an 80 % interval.

    The daily average moves on from the last complete month by the mean of the monthly changes; the interval is that of
    a random walk with drift (Hyndman and Athanasopoulos, https://otexts.com/fpp3/prediction-intervals.html). Refused
    under two complete months: one month has no change to go by.
    """
    known = [one for one in without_gaps(months) if one.is_complete and one.month < span.end][-MAX_MONTHS:]
    figure: Figure = {"start": span.start.isoformat(), "end": span.end.isoformat(), "complete_months": len(known)}
    if len(known) < MIN_MONTHS or not span.months:
        why = "a forecast is of whole months" if not span.months else f"{MIN_MONTHS} complete months are needed"
        return figure | {"amount": None, "low": None, "high": None, "method": f"refused: {why}"}
    amount, low, high = _project(known, span)
    return figure | {
        "amount": money(_cents(amount)),
        "low": money(_cents(low)),
        "high": money(_cents(high)),
        "method": "run-rate with drift, 80 % interval",
    }


def _project(known: Sequence[Month], span: Span) -> tuple[Decimal, Decimal, Decimal]:
    changes = [after.daily - before.daily for before, after in pairwise(known)]
    drift = sum(changes, ZERO) / len(changes)
    amount = low = high = sum((one.amount for one in known if one.month >= span.start), ZERO)
    month, ahead = add_months(known[-1].month, 1), 1
    while month < span.end:
        if month >= span.start:
            daily, half = known[-1].daily + drift * ahead, _half_width(changes, drift, ahead)
            amount += max(ZERO, daily) * days_of(month)
            low += max(ZERO, daily - half) * days_of(month)
            high += max(ZERO, daily + half) * days_of(month)
        month, ahead = add_months(month, 1), ahead + 1
    return amount, low, high


def _half_width(changes: Sequence[Decimal], drift: Decimal, ahead: int) -> Decimal:
    """Half of the interval of the daily average; a single change is taken for its own spread."""
    freedom = max(1, len(changes) - 1)
    squares = sum(((change - drift) ** 2 for change in changes), ZERO) if len(changes) > 1 else changes[0] ** 2
    spread = (squares / freedom).sqrt()
    steps = Decimal(ahead) * (1 + Decimal(ahead) / len(changes))
    return _T90[min(freedom, len(_T90)) - 1] * spread * steps.sqrt()


def budget_rows(
    current: Iterable[SpendLine], previous: Iterable[SpendLine], growth_alert: Decimal, field: str
) -> list[Figure]:
    """API spend by team or vendor against the period before plus `growth_alert`, worst first.

    `state` is over, within, or new where there was nothing to grow from.
    """
    sums: tuple[dict[str, Decimal], dict[str, Decimal]] = (defaultdict(lambda: ZERO), defaultdict(lambda: ZERO))
    for side, lines in enumerate((current, previous)):
        for line in lines:
            if line.kind == "api":
                sums[side][getattr(line, field)] += line.amount
    now, before = sums
    rows = [
        (now[name] - before[name] * (1 + growth_alert), _row(field, name, now[name], before[name], growth_alert))
        for name in {*now, *before}
    ]
    return [row for _, row in sorted(rows, key=lambda entry: (-entry[0], entry[1][field]))]


def _row(field: str, name: str, now: Decimal, before: Decimal, growth_alert: Decimal) -> Figure:
    allowed = before * (1 + growth_alert)
    state = "new" if before <= 0 < now else "over" if now > allowed else "within"
    return {
        field: name,
        "spend": money(now),
        "previous": money(before),
        "alert_above": money(allowed) if before > 0 else None,
        "growth_percent": growth_percent(now, before),
        "state": state,
    }


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
