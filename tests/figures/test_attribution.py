from datetime import datetime
from decimal import Decimal

from shadowscan.figures.attribution import attribution_figures
from shadowscan.figures.candidates import Clue
from tests.figures.story import CURRENT, facts, line


def test_figures_when_story_then_forty_percent_and_shares_sum_to_a_hundred() -> None:
    figures = attribution_figures(facts())

    assert (figures["total_api_spend"], figures["previous_total_api_spend"]) == ("140000.00", "100000.00")
    assert figures["growth_percent"] == 40.0
    shares = [figures[name] for name in ("attributed", "provisional", "unowned")]
    assert [share["amount"] for share in shares] == ["89600.00", "21000.00", "29400.00"]
    assert sum(Decimal(str(share["percent"])) for share in shares) == 100
    assert sum(Decimal(step["change"]) for step in figures["bridge"]) == 40000


def test_totals_when_seats_tax_credit_and_refund_then_apart_and_refund_lowers() -> None:
    lines = (
        line("openai", "a", 100),
        line("openai", "a", -10, category="Adjustment"),
        line("openai", "a", 20, kind="seat"),
        line("openai", "a", 5, kind="tax"),
        line("openai", "a", -7, kind="credit"),
    )

    figures = attribution_figures(facts(lines, previous=()))

    assert (figures["total_api_spend"], figures["total_seat_spend"]) == ("90.00", "20.00")
    assert (figures["total_spend"], figures["growth_percent"]) == ("110.00", None)
    assert [(row["what"], row["amount"]) for row in figures["exclusions"]] == [
        ("credits", "-7.00"), ("seats", "20.00"), ("tax", "5.00"),
    ]  # fmt: skip


def test_exclusions_when_another_currency_then_kept_apart_never_added() -> None:
    figures = attribution_figures(facts(CURRENT, foreign=(line("mistral", "a", 900, currency="EUR"),)))

    assert figures["total_api_spend"] == "140000.00"
    assert figures["exclusions"] == [{"what": "API in another currency", "amount": "900.00", "currency": "EUR"}]


def test_by_team_when_nobody_answers_then_last() -> None:
    rows = attribution_figures(facts())["by_team"]

    assert [row["team"] for row in rows] == ["search", "data", "support", "platform", "unknown"]
    assert rows[-1]["unapproved"] == "12000.00"
    assert rows[3]["via_gateway_percent"] == 100.0


def test_unattributed_when_story_then_biggest_first_with_dates_and_next_step() -> None:
    seen = {("openai", "Dana"): (datetime(2026, 7, 9), datetime(2026, 9, 10))}  # noqa: DTZ001

    rows = attribution_figures(facts(seen=seen))["unattributed_accounts"]

    assert [row["account_id"] for row in rows] == ["wrkspc_01", "default", "470100000033", "Dana"]
    assert rows[-1]["first_seen_at"] == "2026-07-09T00:00:00Z"
    assert "{vendor: openai, id: Dana, team: TEAM}" in rows[-1]["next_step"]


def test_next_step_when_nobody_is_likely_then_what_would_tell_by_kind_of_account() -> None:
    steps = {
        row["account_id"]: row["next_step"].split(", then")[0]
        for row in attribution_figures(facts())["unattributed_accounts"]
    }

    assert steps["470100000033"] == ("collect the flow logs of account 470100000033, which would decide 12000.00 USD")
    assert steps["Dana"] == "ask Dana which application uses the key behind this charge"
    assert steps["default"] == "read in anthropic's console who is a member and what its keys are called"


def test_next_step_when_a_team_is_likely_then_ask_it() -> None:
    clues = {("openai", "Dana"): [Clue("growth", "cost_center", Decimal(1), "booked on CC-1")]}

    row = attribution_figures(facts(clues=clues))["unattributed_accounts"][-1]

    assert row["next_step"] == (
        "ask growth, then add {vendor: openai, id: Dana, team: growth} to vendor_accounts of owners.yaml"
    )


def test_figures_when_nothing_in_the_period_then_null_percents() -> None:
    figures = attribution_figures(facts((), previous=()))

    assert figures["growth_percent"] is None
    assert figures["unowned"] == {"amount": "0.00", "percent": None}
    assert figures["by_team"] == []
