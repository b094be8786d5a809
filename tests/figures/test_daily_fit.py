from datetime import date, timedelta
from decimal import Decimal
from random import Random

from shadowscan.figures.daily_fit import fit_days

START = date(2026, 7, 1)


def series(seed: int, days: int = 60, weekend: float = 0.2) -> list[int]:
    """A team's bytes: weekdays, growth, and ups and downs of its own."""
    random = Random(seed)  # noqa: S311 - made-up traffic
    return [
        int(1000 * (1 + day / 60) * random.lognormvariate(0, 0.4) * (weekend if day_of(day).weekday() > 4 else 1))
        for day in range(days)
    ]


def day_of(offset: int) -> date:
    return START + timedelta(days=offset)


def by_day(values: list[int]) -> dict[date, int]:
    return {day_of(offset): value for offset, value in enumerate(values)}


def bill(values: list[int]) -> dict[date, Decimal]:
    return {day: Decimal(value) / 100 for day, value in by_day(values).items()}


def test_fit_when_the_bill_follows_one_team_then_that_team_and_no_other() -> None:
    teams = {f"team{seed}": by_day(series(seed)) for seed in range(5)}

    fits = fit_days(bill(series(3)), teams)

    assert fits[0].team == "team3"
    assert fits[0].share > 0.95
    assert [fit.team for fit in fits if fit.is_match] == ["team3"]


def test_fit_when_two_teams_share_the_account_then_both() -> None:
    both = [one + two for one, two in zip(series(1), series(2), strict=True)]

    fits = fit_days(bill(both), {f"team{seed}": by_day(series(seed)) for seed in range(4)})

    assert {fit.team for fit in fits if fit.is_match} == {"team1", "team2"}


def test_fit_when_weekdays_and_growth_are_all_they_have_in_common_then_rarely_a_match() -> None:
    matched = sum(
        any(
            fit.is_match
            for fit in fit_days(bill(series(1000 + seed)), {str(n): by_day(series(seed * 9 + n)) for n in range(5)})
        )
        for seed in range(60)
    )

    assert matched <= 7  # one in twenty by construction: 3 expected, 8 or more about one time in a hundred


def test_fit_when_bill_is_monthly_or_days_too_few_then_nothing_is_said() -> None:
    traffic = {"search": by_day(series(1))}

    assert fit_days({date(2026, 7, 1): Decimal(9), date(2026, 8, 1): Decimal(8)}, traffic) == []
    assert fit_days(bill(series(1, days=20)), traffic) == []
    assert fit_days(bill(series(1)), {}) == []


def test_fit_when_bill_is_flat_then_no_share() -> None:
    fits = fit_days(bill([500] * 60), {"search": by_day(series(1))})

    assert not any(fit.is_match for fit in fits)
