from datetime import date, datetime

import pytest

from shadowscan.errors import UsageError
from shadowscan.figures.period import last_complete_quarter, parse_period, window_span


@pytest.mark.parametrize(
    ("text", "fiscal", "start", "end", "before"),
    [
        ("2026-Q3", "01-01", date(2026, 7, 1), date(2026, 10, 1), date(2026, 4, 1)),
        ("2026-Q1", "02-01", date(2026, 1, 1), date(2026, 4, 1), date(2025, 10, 1)),
        ("2026-12", "01-01", date(2026, 12, 1), date(2027, 1, 1), date(2026, 11, 1)),
        ("2026", "01-01", date(2026, 1, 1), date(2027, 1, 1), date(2025, 1, 1)),
        ("FY26Q3", "01-01", date(2026, 7, 1), date(2026, 10, 1), date(2026, 4, 1)),
        ("FY26Q3", "02-01", date(2025, 8, 1), date(2025, 11, 1), date(2025, 5, 1)),
        ("fy2026q4", "02-01", date(2025, 11, 1), date(2026, 2, 1), date(2025, 8, 1)),
    ],
)
def test_parse_when_period_then_half_open_and_previous_of_same_kind(
    text: str, fiscal: str, start: date, end: date, before: date
) -> None:
    span = parse_period(text, fiscal)

    assert (span.start, span.end) == (start, end)
    assert (span.previous.start, span.previous.end) == (before, start)


@pytest.mark.parametrize("text", ["2026-Q5", "2026-13", "Q3", "FY26Q0", "0000-Q1", "", "9999-Q4"])
def test_parse_when_no_period_then_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_period(text)


@pytest.mark.parametrize(
    ("first", "last", "fiscal", "start"),
    [
        (date(2026, 1, 1), date(2026, 9, 1), "01-01", date(2026, 7, 1)),
        (date(2026, 1, 1), date(2026, 8, 1), "01-01", date(2026, 4, 1)),
        (date(2026, 8, 1), date(2026, 8, 1), "01-01", date(2026, 7, 1)),
        (date(2026, 1, 1), date(2026, 10, 1), "02-01", date(2026, 8, 1)),
    ],
)
def test_default_when_store_ends_inside_a_quarter_then_the_one_before(
    first: date, last: date, fiscal: str, start: date
) -> None:
    assert last_complete_quarter(first, last, fiscal).start == start


def test_window_when_days_then_previous_is_as_many_days() -> None:
    span = window_span(datetime(2026, 9, 11), datetime(2026, 9, 21), (date(2026, 1, 1), date(2027, 1, 1)))  # noqa: DTZ001

    assert (span.previous.start, span.previous.end) == (date(2026, 9, 1), date(2026, 9, 11))


def test_window_when_empty_then_refused() -> None:
    with pytest.raises(UsageError, match="is empty"):
        window_span(datetime(2027, 1, 1), None, (date(2026, 1, 1), date(2027, 1, 1)))  # noqa: DTZ001
