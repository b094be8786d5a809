"""Column `growth_driver` of `llm_spend`: what most of a vendor's growth between the last two quarters comes from.

A new user is an account that had no spend before, a new model a meter that its account had not. What is left is price
(today's quantity at the changed price of a unit) and volume. The four and credits sum to the change.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from shadowscan.enrich.context import EnrichContext

CENT, ZERO = Decimal("0.01"), Decimal(0)

# Only the quarter that `spend.growth` judges and the one before it, and no row for each day.
_METERS = """
    with judged as (
      select
        vendor_id, currency,
        min(date_trunc('quarter', month - to_months($shift)) + to_months($shift)) as begins_at
      from llm_spend
      where is_last_complete_quarter and growth_threshold_amount > 0 and quarter_amount > growth_threshold_amount
      group by vendor_id, currency
    ),
    teams as (
      select vendor_id, vendor_account_id, min(team) as team
      from llm_spend
      group by vendor_id, vendor_account_id
    )
    select
      d.vendor_id, d.currency, d.vendor_account_id, coalesce(any_value(t.team), 'unknown') as team, d.meter, d.unit,
      d.amount < 0 or d.category in ('Adjustment', 'Credit') as is_credit,
      coalesce(sum(d.quantity) filter (where d.day < j.begins_at), 0) as old_quantity,
      coalesce(sum(d.amount) filter (where d.day < j.begins_at), 0) as old_amount,
      coalesce(sum(d.quantity) filter (where d.day >= j.begins_at), 0) as new_quantity,
      coalesce(sum(d.amount) filter (where d.day >= j.begins_at), 0) as new_amount
    from spend_day as d
    join judged as j on j.vendor_id = d.vendor_id and j.currency = d.currency
    left join teams as t on t.vendor_id = d.vendor_id and t.vendor_account_id = d.vendor_account_id
    where d.kind = 'api'
      and d.day >= j.begins_at - interval 3 month
      and d.day < j.begins_at + interval 3 month
    group by d.vendor_id, d.currency, d.vendor_account_id, d.meter, d.unit, is_credit
    order by all
"""
_UPDATE = """
    update llm_spend
    set growth_driver = $driver
    where vendor_id = $vendor_id and currency = $currency and is_last_complete_quarter
"""


@dataclass(frozen=True, slots=True)
class Meter:
    """What one account paid for one meter in the quarter before and in the last one."""

    account: str
    team: str
    meter: str
    unit: str
    is_credit: bool
    old_quantity: Decimal
    old_amount: Decimal
    new_quantity: Decimal
    new_amount: Decimal

    @property
    def change(self) -> Decimal:
        """By how much it grew."""
        return self.new_amount - self.old_amount


def build(context: EnrichContext) -> None:
    """Say it for every vendor and currency that `spend.growth` would report. Needs the team on `llm_spend`."""
    shift = (int(context.policy.spend.fiscal_year_start[:2]) - 1) % 3
    grown: dict[tuple[str, str], list[Meter]] = defaultdict(list)
    for vendor_id, currency, *meter in context.store.query(_METERS, {"shift": shift}).rows:
        grown[vendor_id, currency].append(Meter(*meter))
    for (vendor_id, currency), meters in grown.items():
        values = {"vendor_id": vendor_id, "currency": currency, "driver": describe(meters)}
        context.store.query(_UPDATE, values)


def describe(meters: Iterable[Meter]) -> str:
    """The driver with the largest part of the growth, how much of how much, and the team most of that part is of."""
    meters = list(meters)
    parts = drivers(meters)
    by_driver: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for (driver, _), change in parts.items():
        by_driver[driver] += change
    driver = max(by_driver, key=lambda name: (by_driver[name], name))
    team = max((found for named, found in parts if named == driver), key=lambda found: (parts[driver, found], found))
    whole = sum(by_driver.values(), ZERO)
    return f"{driver} ({_cents(by_driver[driver])} of {_cents(whole)}), most of it of team {team}"


def drivers(meters: Iterable[Meter]) -> dict[tuple[str, str], Decimal]:
    """Change by driver and team; the values sum to the change of all meters exactly."""
    meters = list(meters)
    known = {one.account for one in meters if one.old_amount > 0}
    parts: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for one in meters:
        price = _price(one)
        if one.is_credit:
            parts["credits", one.team] += one.change
        elif one.account not in known:
            parts["new user", one.team] += one.change
        elif one.old_amount == 0:
            parts["new model", one.team] += one.change
        else:
            parts["price", one.team] += price
            parts["volume", one.team] += one.change - price
    return parts


def _price(meter: Meter) -> Decimal:
    """Zero where a quarter has no quantity: without one nobody can tell price from volume."""
    if meter.unit == "unknown" or meter.old_quantity <= 0 or meter.new_quantity <= 0:
        return ZERO
    return _cents(meter.new_amount - meter.old_amount * meter.new_quantity / meter.old_quantity)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
