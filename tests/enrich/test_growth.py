from datetime import datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shadowscan.config import Config
from shadowscan.enrich import growth, spend
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.growth import Meter, describe, drivers
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.store.connection import MEMORY, Store
from tests.enrich.records import CATALOG
from tests.enrich.test_spend import charge

quantities = st.decimals(0, 1000, places=3)
amounts = st.decimals(-1000, 1000, places=6)


def meter(old: tuple[int, int], new: tuple[int, int], **more: Any) -> Meter:
    """Quantity and amount in the quarter before and in the last one."""
    known = {"account": "proj_k3", "team": "search", "meter": "in", "unit": "Tokens", "is_credit": False}
    numbers = map(Decimal, (*old, *new))
    fields = ("old_quantity", "old_amount", "new_quantity", "new_amount")
    return Meter(**{**known, **dict(zip(fields, numbers, strict=True)), **more})


def test_drivers_when_price_and_quantity_move_then_each_its_own() -> None:
    assert drivers([meter((100, 100), (150, 300))]) == {
        ("price", "search"): Decimal(150), ("volume", "search"): Decimal(50),
    }  # fmt: skip


def test_drivers_when_account_or_meter_is_new_then_user_or_model() -> None:
    found = drivers([
        meter((100, 100), (100, 100)),
        meter((0, 0), (10, 40), meter="gpt-x"),
        meter((0, 0), (10, 70), account="proj_new", team="growth"),
    ])  # fmt: skip

    assert found["new model", "search"] == 40
    assert found["new user", "growth"] == 70


def test_describe_when_several_then_the_largest_and_its_team() -> None:
    meters = [meter((0, 100), (0, 160), unit="unknown"), meter((0, 0), (1, 40), account="b", team="growth")]

    assert describe(meters) == "volume (60.00 of 100.00), most of it of team search"


@given(
    st.lists(
        st.builds(
            Meter,
            account=st.sampled_from("ab"),
            team=st.sampled_from(["search", "growth"]),
            meter=st.sampled_from("xy"),
            unit=st.sampled_from(["Tokens", "unknown"]),
            is_credit=st.booleans(),
            old_quantity=quantities,
            old_amount=amounts,
            new_quantity=quantities,
            new_amount=amounts,
        )
    )
)
def test_drivers_when_any_meters_then_sum_exactly_to_the_change(meters: list[Meter]) -> None:
    assert sum(drivers(meters).values()) == sum(one.change for one in meters)


def enriched(store: Store) -> list[tuple[Any, ...]]:
    policy = Policy.model_validate({"vendors": {"approved": ["openai"]}, "spend": {"growth_alert": "0.25"}})
    as_of = datetime(2026, 11, 1)  # noqa: DTZ001 - the store holds naive UTC
    context = EnrichContext(store, CATALOG, policy, Owners(), Config(), as_of)
    spend.build(context)
    growth.build(context)
    return store.query("select distinct month, growth_driver from llm_spend order by all").rows


def test_growth_when_a_vendor_passed_the_alert_then_said_in_its_last_quarter_only() -> None:
    with Store.open(MEMORY) as store:
        for month, amount in ((4, 100), (5, 100), (6, 100), (7, 100), (8, 100), (9, 100)):
            charge(store, f"2026-{month:02}-01", str(amount))
        charge(store, "2026-08-02", "900", vendor_account_id="proj_new")

        said = {f"{month:%m}": driver for month, driver in enriched(store)}

    assert said["09"] == "new user (900.00 of 900.00), most of it of team unknown"
    assert said["05"] == ""


def test_growth_when_within_the_alert_then_nothing_is_said() -> None:
    with Store.open(MEMORY) as store:
        for month in range(4, 10):
            charge(store, f"2026-{month:02}-01", "100")

        assert {driver for _, driver in enriched(store)} == {""}
