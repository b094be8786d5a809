from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.figures.money import growth_percent, money, percent, percents, split


def test_split_when_a_hundred_by_three_then_sums_to_the_cent() -> None:
    shares = split(Decimal("100.00"), [Decimal(1)] * 3)

    assert shares == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6).filter(any))
def test_percents_when_any_parts_then_sum_to_exactly_a_hundred(parts: list[int]) -> None:
    shares = percents([Decimal(part) for part in parts])

    assert sum(Decimal(str(share)) for share in shares) == Decimal("100.0")


def test_percents_when_nothing_to_divide_then_null() -> None:
    assert percents([Decimal(0), Decimal(0)]) == [None, None]


@pytest.mark.parametrize(("now", "before", "grown"), [(140, 100, 40.0), (5, 0, None), (5, -1, None), (0, 10, -100.0)])
def test_growth_when_previous_is_zero_or_negative_then_null(now: int, before: int, grown: float | None) -> None:
    assert growth_percent(Decimal(now), Decimal(before)) == grown


def test_percent_when_whole_is_zero_then_null_not_zero() -> None:
    assert percent(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("140000.000000000000", "140000.00"),
        ("4.073850000000", "4.07385"),
        ("0E-12", "0.00"),
        ("-1.5E-7", "-0.00000015"),
    ],
)
def test_money_when_exact_then_two_decimals_at_least_and_no_exponent(amount: str, text: str) -> None:
    assert money(Decimal(amount)) == text
