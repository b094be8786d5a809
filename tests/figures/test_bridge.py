from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shadowscan.figures.bridge import growth_bridge
from tests.figures.story import CURRENT, PREVIOUS, line

amounts = st.decimals(-1000, 1000, places=6)
lines = st.lists(
    st.builds(
        line,
        st.sampled_from(["openai", "anthropic"]),
        st.sampled_from(["a", "b"]),
        amounts,
        team=st.sampled_from(["search", "unknown"]),
        meter=st.sampled_from(["in", "out"]),
        unit=st.sampled_from(["Tokens", "unknown"]),
        quantity=st.integers(0, 9).map(Decimal),
        category=st.sampled_from(["Usage", "Purchase", "Adjustment"]),
        kind=st.sampled_from(["api", "seat", "tax"]),
    ),
    max_size=8,
)


@given(lines, lines)
def test_bridge_when_any_two_periods_then_sums_exactly_to_the_change(current: list, previous: list) -> None:
    change = sum(one.amount for one in current if one.kind == "api") - sum(
        one.amount for one in previous if one.kind == "api"
    )

    assert sum(step.change for step in growth_bridge(current, previous)) == change


def test_bridge_when_story_then_the_card_is_new_and_the_rest_volume() -> None:
    steps = {(step.team, step.vendor, step.driver): step.change for step in growth_bridge(CURRENT, PREVIOUS)}

    assert sum(steps.values()) == 40000
    assert steps["unknown", "openai", "new_workload"] == 5400
    assert steps["search", "openai", "volume"] == 12000


def test_bridge_when_price_and_quantity_move_then_each_gets_its_own() -> None:
    before = [line("openai", "a", 100, meter="in", unit="Tokens", quantity=Decimal(100))]
    after = [line("openai", "a", 300, meter="in", unit="Tokens", quantity=Decimal(150))]

    steps = {step.driver: step.change for step in growth_bridge(after, before)}

    assert steps == {"price": Decimal(150), "volume": Decimal(50)}


def test_bridge_when_dearer_meter_takes_over_then_mix() -> None:
    def month(cheap: int, dear: int) -> list:
        return [
            line("openai", "a", cheap, meter="cheap", unit="Tokens", quantity=Decimal(cheap)),
            line("openai", "a", dear * 10, meter="dear", unit="Tokens", quantity=Decimal(dear)),
        ]

    steps = {step.driver: step.change for step in growth_bridge(month(50, 50), month(90, 10))}

    assert steps == {"mix": Decimal(360)}


def test_bridge_when_refund_then_credits() -> None:
    steps = growth_bridge([line("openai", "a", -25, category="Adjustment")], [])

    assert [(step.driver, step.change) for step in steps] == [("credits", Decimal(-25))]
