"""Arithmetic of money and shares: Decimal only, rounded at display, shares that sum to 100.0."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
TENTH = Decimal("0.1")


def money(amount: Decimal) -> str:
    """An exact amount as a decimal string: at least two decimals, no trailing zeros after them, never an exponent."""
    exact = amount.normalize()
    exponent = exact.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{amount:.{places}f}" if amount else "0.00"


def percent(part: Decimal, whole: Decimal) -> float | None:
    """`part` of `whole` in percent with one decimal; None for a zero whole, never 0 %."""
    return float((part * 100 / whole).quantize(TENTH, ROUND_HALF_EVEN)) if whole else None


def growth_percent(current: Decimal, previous: Decimal) -> float | None:
    """Change in percent of the previous amount with one decimal; None where that is zero or negative."""
    return percent(current - previous, previous) if previous > 0 else None


def percents(parts: Sequence[Decimal]) -> list[float | None]:
    """Shares in percent with one decimal that sum to exactly 100.0, by largest remainder; all None for a zero sum."""
    if not sum(parts, ZERO):
        return [None for _ in parts]
    return [float(share) for share in split(Decimal(100), parts, TENTH)]


def split(total: Decimal, weights: Sequence[Decimal], step: Decimal = CENT) -> list[Decimal]:
    """`total` split by weight into multiples of `step` that sum to it exactly: 100.00 by three is 33.34, 33.33, 33.33.

    `total` must be a multiple of `step` and the weights must not sum to zero.
    """
    whole = sum(weights, ZERO)
    exact = [total * weight / whole for weight in weights]
    shares = [amount.quantize(step, ROUND_FLOOR) for amount in exact]
    missing = int((total - sum(shares, ZERO)) / step)
    by_remainder = sorted(range(len(weights)), key=lambda index: (shares[index] - exact[index], index))
    for index in by_remainder[:missing]:
        shares[index] += step
    return shares
