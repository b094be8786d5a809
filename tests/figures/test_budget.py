from datetime import date
from decimal import Decimal
from random import Random

from shadowscan.figures.budget import Month, budget_rows, days_of, forecast
from shadowscan.figures.period import Span, add_months
from tests.figures.story import CURRENT, PREVIOUS, line

Q4 = Span(date(2026, 10, 1), date(2027, 1, 1), 3)


def months(*amounts: int, first: date = date(2026, 4, 1)) -> list[Month]:
    return [Month(add_months(first, place), Decimal(amount)) for place, amount in enumerate(amounts)]


def test_forecast_when_daily_average_is_flat_then_the_same_and_no_width() -> None:
    flat = [Month(one.month, one.amount) for one in months(3000, 3100, 3000, 3100, 3100, 3000)]

    found = forecast(flat, Q4)

    assert (found["amount"], found["low"], found["high"]) == ("9200.00", "9200.00", "9200.00")


def test_forecast_when_it_grows_by_a_hundred_a_day_then_drift_goes_on() -> None:
    # 100, 200, 300 a day in July, August, September: October 400, November 500, December 600.
    found = forecast(months(3100, 6200, 9000, first=date(2026, 7, 1)), Q4)

    assert found["amount"] == "46000.00"


def test_forecast_when_period_has_begun_then_known_months_count_as_they_are() -> None:
    known = months(3000, 3100, 3000, first=date(2026, 9, 1))

    found = forecast(known, Q4)

    assert Decimal(found["amount"]) == 3100 + 3000 + 3100


def test_forecast_when_last_month_is_partial_then_it_is_not_taken_for_a_fall() -> None:
    known = [*months(3000, 3100, first=date(2026, 9, 1)), Month(date(2026, 11, 1), Decimal(7), is_complete=False)]

    assert forecast(known, Q4)["amount"] == "9200.00"


def test_forecast_when_under_two_complete_months_then_refused_not_zero() -> None:
    for known in ([], months(500)):
        found = forecast(known, Q4)

        assert (found["amount"], found["low"], found["high"]) == (None, None, None)
        assert found["method"] == "refused: 2 complete months are needed"


def test_forecast_when_window_is_not_months_then_refused() -> None:
    assert forecast(months(1, 2), Span(date(2026, 6, 5), date(2026, 6, 9)))["amount"] is None


def test_forecast_when_a_month_has_no_bill_then_zero_and_low_never_negative() -> None:
    gap = [Month(date(2026, 7, 1), Decimal(3100)), Month(date(2026, 9, 1), Decimal(3000))]

    found = forecast(gap, Q4)

    assert found["complete_months"] == 3
    assert found["low"] == "0.00"


def test_interval_when_spend_is_a_random_walk_then_holds_four_in_five() -> None:
    held = 0
    for seed in range(300):
        random, daily = Random(seed), 1000.0  # noqa: S311 - made-up bills
        known = []
        for month in (date(2026, number, 1) for number in range(1, 10)):
            daily += random.gauss(20, 40)
            known.append(Month(month, Decimal(daily) * days_of(month)))
        found = forecast(known[:8], Span(date(2026, 9, 1), date(2026, 10, 1), 1))
        held += Decimal(found["low"]) <= known[8].amount <= Decimal(found["high"])

    assert 0.70 < held / 300 < 0.90


def test_rows_when_story_then_new_over_and_within_by_vendor() -> None:
    rows = budget_rows(CURRENT, PREVIOUS, Decimal("0.40"), "vendor_id")

    states = {row["vendor_id"]: row["state"] for row in rows}
    assert states == {"openai": "over", "anthropic": "over", "aws-bedrock": "within"}
    assert rows[0] == {
        "vendor_id": "openai", "spend": "47400.00", "previous": "30000.00", "alert_above": "42000.00",
        "growth_percent": 58.0, "state": "over",
    }  # fmt: skip


def test_rows_when_nothing_before_then_new_without_percent() -> None:
    (row,) = budget_rows([line("groq", "a", 5)], [], Decimal("0.40"), "vendor_id")

    assert (row["state"], row["alert_above"], row["growth_percent"]) == ("new", None, None)
