"""Growth bridge: which team, vendor and driver the change of API spend comes from, summing to it exactly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from shadowscan.figures.money import CENT, ZERO
from shadowscan.figures.spend_line import SpendLine

DRIVERS = ("price", "volume", "mix", "new_workload", "one_off", "credits", "currency")
Meters = dict[str, tuple[Decimal, Decimal]]  # meter → (quantity, amount)


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the bridge."""

    team: str
    vendor: str
    driver: str
    change: Decimal


def growth_bridge(current: Sequence[SpendLine], previous: Sequence[SpendLine]) -> list[Step]:
    """Steps that sum to the change of API spend, biggest first.

    new_workload: accounts with no spend before. one_off: purchases out of the run of usage. credits: refunds and
    corrections. The rest is price, volume and mix by quantity where both periods have one in the same unit, else
    volume. `currency` needs rates: without them currencies are never put together and the driver never appears.
    """
    steps: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
    known = {line.account for line in previous if line.kind == "api"}
    usage: tuple[dict[tuple[str, str], list[SpendLine]], ...] = (defaultdict(list), defaultdict(list))
    team_of = {line.account: line.team for line in (*previous, *current)}
    for side, lines in enumerate((previous, current)):
        for line in lines:
            if line.kind != "api":
                continue
            driver = _plain_driver(line, known)
            if driver:
                steps[team_of[line.account], line.vendor_id, driver] += line.amount if side else -line.amount
            else:
                usage[side][team_of[line.account], line.vendor_id].append(line)
    for key in sorted(usage[0].keys() | usage[1].keys()):
        for driver, change in _price_volume_mix(usage[0][key], usage[1][key]).items():
            steps[(*key, driver)] += change
    made = [Step(team, vendor, driver, change) for (team, vendor, driver), change in steps.items() if change]
    return sorted(made, key=lambda step: (-abs(step.change), step.team, step.vendor, step.driver))


def _plain_driver(line: SpendLine, known: set[tuple[str, str]]) -> str:
    if line.category in ("Adjustment", "Credit") or line.amount < 0:
        return "credits"
    if line.account not in known:
        return "new_workload"
    return "one_off" if line.category == "Purchase" and line.source_kind != "card_csv" else ""


def _price_volume_mix(previous: list[SpendLine], current: list[SpendLine]) -> dict[str, Decimal]:
    """Per unit: price at today's quantities, volume at yesterday's average price, mix what is left."""
    drivers = dict.fromkeys(("price", "volume", "mix"), ZERO)
    before, after = _by_unit(previous), _by_unit(current)
    for unit in sorted(before.keys() | after.keys()):
        old, new = before.get(unit, {}), after.get(unit, {})
        change = _amount(new.values()) - _amount(old.values())
        old_quantity, new_quantity = _quantity(old.values()), _quantity(new.values())
        if unit == "unknown" or old_quantity <= 0 or new_quantity <= 0:
            drivers["volume"] += change
            continue
        price = sum((_price_effect(old[meter], new[meter]) for meter in old.keys() & new.keys()), ZERO)
        volume = _cents((new_quantity - old_quantity) * _amount(old.values()) / old_quantity)
        drivers["price"] += price
        drivers["volume"] += volume
        drivers["mix"] += change - price - volume
    return drivers


def _by_unit(lines: Iterable[SpendLine]) -> dict[str, Meters]:
    units: dict[str, Meters] = defaultdict(dict)
    for line in lines:
        quantity, amount = units[line.unit].get(line.meter, (ZERO, ZERO))
        units[line.unit][line.meter] = (quantity + line.quantity, amount + line.amount)
    return units


def _price_effect(old: tuple[Decimal, Decimal], new: tuple[Decimal, Decimal]) -> Decimal:
    if old[0] <= 0 or new[0] <= 0:
        return ZERO
    return _cents((new[1] / new[0] - old[1] / old[0]) * new[0])


def _quantity(meters: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    return sum((quantity for quantity, _ in meters), ZERO)


def _amount(meters: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    return sum((amount for _, amount in meters), ZERO)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
