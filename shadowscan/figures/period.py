"""Periods of a report: calendar quarters and months, fiscal quarters, any window, and the one just before."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shadowscan.errors import UsageError
from shadowscan.model.report import Period

_CALENDAR = re.compile(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")
_FISCAL = re.compile(r"FY(\d{2}|\d{4})(?:Q([1-4]))?")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open `start <= day < end`. `months` is its length in months, 0 for a window of days."""

    start: date
    end: date
    months: int = 0

    @property
    def previous(self) -> "Span":
        """The span of the same kind and length just before."""
        if self.months:
            return Span(add_months(self.start, -self.months), self.start, self.months)
        return Span(self.start - (self.end - self.start), self.start)

    @property
    def next(self) -> "Span":
        """The span of the same kind and length just after."""
        if self.months:
            return Span(self.end, add_months(self.end, self.months), self.months)
        return Span(self.end, self.end + (self.end - self.start))

    def period(self, *, provisional: bool = False) -> Period:
        """As it stands in a report."""
        return Period(self.start.isoformat(), self.end.isoformat(), provisional)


def add_months(day: date, months: int) -> date:
    """The first of the month that many months away."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def parse_period(text: str, fiscal_year_start: str = "01-01") -> Span:
    """`2026-Q3`, `2026-09`, `2026` by the calendar; `FY26Q3`, `FY26` by the fiscal year, named for the year it ends in.

    Raises `UsageError` for anything else.
    """
    calendar, fiscal = _CALENDAR.fullmatch(text.strip()), _FISCAL.fullmatch(text.strip().upper())
    if calendar and calendar.group(1) != "0000":
        year, quarter, month = int(calendar.group(1)), calendar.group(2), calendar.group(3)
        first = date(year, int(month) if month else 3 * int(quarter or 1) - 2, 1)
        return _months_from(first, 1 if month else 3 if quarter else 12)
    if fiscal:
        year = int(fiscal.group(1)) + (2000 if len(fiscal.group(1)) == 2 else 0)
        first_month = int(fiscal_year_start[:2])
        start = date(year if first_month == 1 else year - 1, first_month, 1)
        quarter = fiscal.group(2)
        return _months_from(add_months(start, 3 * (int(quarter) - 1) if quarter else 0), 3 if quarter else 12)
    raise UsageError(f"--period {text!r} is no period", hint="write it as 2026-Q3, 2026-09 or FY26Q3")


def window_span(since: datetime | None, until: datetime | None, bounds: tuple[date, date]) -> Span:
    """The window as days; an open side ends with the store's own `bounds`. Raises `UsageError` where it is empty."""
    start = since.date() if since else bounds[0]
    end = until.date() if until else bounds[1]
    if start >= end:
        raise UsageError(f"the window from {start} to {end} is empty", hint="--until is exclusive and after --since")
    months = (end.year - start.year) * 12 + end.month - start.month
    return Span(start, end, months if start.day == end.day == 1 else 0)


def last_complete_quarter(first: date, last: date, fiscal_year_start: str = "01-01") -> Span:
    """The last quarter whose three months lie in the store's months `first` to `last`; else the quarter of `last`."""
    shift = (int(fiscal_year_start[:2]) - 1) % 3
    end = quarter_start(add_months(last, 1), shift)
    if add_months(end, -3) < quarter_start(first, shift):
        end = add_months(end, 3)
    return _months_from(add_months(end, -3), 3)


def quarter_start(month: date, shift: int) -> date:
    """First month of the quarter that holds `month`, where quarters begin `shift` months after the calendar's."""
    return add_months(month, -((month.month - 1 - shift) % 3))


def day_before(day: date) -> date:
    """The last day of a half-open span that ends at `day`."""
    return day - timedelta(days=1)


def _months_from(start: date, months: int) -> Span:
    if start.year + months // 12 >= 9999:
        raise UsageError(f"the year {start.year} is out of range")
    return Span(start, add_months(start, months), months)
