import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.errors import UsageError
from shadowscan.figures.load import report_names
from shadowscan.figures.report import build_report
from shadowscan.model.report import Report
from shadowscan.policy import Policy
from shadowscan.store.connection import MEMORY, Store

CATALOG = load_catalog()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(MEMORY) as opened:
        yield opened


def spend(store: Store, month: date, amount: int, team: str = "search", account: str = "proj_k3") -> None:
    """One month of one OpenAI account, as enrichment leaves it."""
    store.query(
        "insert into spend_day by name select ?::date as day, 'openai' as vendor_id, "
        "'api' as service, ? as vendor_account_id, 'api' as kind, 'focus' as source_kind, "
        "'USD' as currency, ?::decimal(38, 12) as amount",
        [month, account, Decimal(amount)],
    )
    store.query(
        "insert into llm_spend by name select ?::date as month, 'openai' as vendor_id, 'OpenAI' as vendor_name, "
        "'api' as service, ? as vendor_account_id, ? as vendor_account_name, 'project' as account_kind, 'api' as kind, "
        "'focus' as source_kind, 'org-1' as payer, ?::decimal(38, 12) as amount, 'USD' as currency, 'direct' as via, "
        "? as team, 'owned' as owner_status, 'high' as owner_confidence_band, 'approved' as status, "
        "'' as status_reason, 'high' as status_confidence, 0 as previous_quarter_amount, 0 as quarter_amount, "
        "0 as growth_threshold_amount, false as has_traffic, false as traffic_covered, "
        "false as is_last_complete_quarter, ?::timestamp as first_seen_at, ?::timestamp as last_seen_at, "
        "'spend/x' as evidence_ref",
        [month, account, account, Decimal(amount), team, month, month],
    )


def make(store: Store, name: str = "attribution", **options: object) -> Report:
    return build_report(store, name, policy=Policy(), catalog=CATALOG, **options)  # type: ignore[arg-type]


def test_report_when_no_period_then_last_complete_quarter_against_the_one_before(store: Store) -> None:
    for month, amount in ((4, 100), (7, 60), (9, 80), (10, 999)):
        spend(store, date(2026, month, 1), amount)

    report = make(store)

    assert (report.period.start, report.period.end, report.period.provisional) == ("2026-07-01", "2026-10-01", False)
    assert report.figures["growth_percent"] == 40.0
    assert report.figures["attributed"] == {"amount": "140.00", "percent": 100.0}


def test_report_when_quarter_is_open_then_provisional(store: Store) -> None:
    spend(store, date(2026, 10, 1), 5)

    assert make(store, period="2026-Q4").period.provisional


def test_report_when_window_then_only_its_days(store: Store) -> None:
    spend(store, date(2026, 8, 1), 5)
    spend(store, date(2026, 9, 1), 7)

    report = make(store, window=(datetime(2026, 9, 1), None))  # noqa: DTZ001

    assert (report.period.end, report.figures["total_api_spend"]) == ("2026-10-01", "7.00")


def test_report_when_team_then_only_its_spend(store: Store) -> None:
    spend(store, date(2026, 9, 1), 5)
    spend(store, date(2026, 9, 1), 9, "data", "proj_d")

    assert make(store, period="2026-Q3", team="data").figures["total_api_spend"] == "9.00"


@pytest.mark.parametrize("name", report_names())
def test_every_report_when_store_is_empty_and_sealed_then_built_and_json_ready(store: Store, name: str) -> None:
    store.seal()

    report = make(store, name)

    assert json.dumps(report.figures)
    assert report.sections


def test_budget_when_quarter_is_complete_then_forecasts_the_next_one(store: Store) -> None:
    for month in (7, 8, 9):
        spend(store, date(2026, month, 1), 300)

    figures = make(store, "budget", period="2026-Q3").figures

    # The last month's bill of this fixture ends on its first day, so two months are complete: 9.68 a day, and flat.
    assert (figures["forecast"]["start"], figures["forecast"]["complete_months"]) == ("2026-07-01", 2)
    assert [row["state"] for row in figures["by_team"]] == ["new"]
    assert [row["is_complete"] for row in figures["months"]] == [True, True, False]


def test_budget_when_policy_alerts_earlier_then_over(store: Store) -> None:
    spend(store, date(2026, 5, 1), 100)
    spend(store, date(2026, 8, 1), 120)
    policy = Policy.model_validate({"spend": {"growth_alert": "0.10"}})

    report = build_report(store, "budget", period="2026-Q3", policy=policy, catalog=CATALOG)

    (row,) = report.figures["by_team"]
    assert (row["state"], row["alert_above"]) == ("over", "110.00")


def test_budget_when_one_month_is_known_then_no_forecast_and_it_says_why(store: Store) -> None:
    spend(store, date(2026, 8, 1), 120)

    figures = make(store, "budget", period="2026-Q3").figures

    assert figures["forecast"]["amount"] is None
    assert figures["forecast"]["method"] == "refused: 2 complete months are needed"


def test_report_when_name_is_misspelt_then_nearest(store: Store) -> None:
    with pytest.raises(UsageError, match="did you mean 'adoption'"):
        make(store, "adoptoin")


def spend_day(store: Store, day: date, amount: int) -> None:
    """One more day of the account that `spend` made."""
    store.query(
        "insert into spend_day by name select ?::date as day, 'openai' as vendor_id, 'api' as service, "
        "'proj_k3' as vendor_account_id, 'api' as kind, 'focus' as source_kind, 'USD' as currency, "
        "?::decimal(38, 12) as amount",
        [day, Decimal(amount)],
    )


def test_bridge_when_a_refund_falls_into_a_month_of_use_then_still_credits(store: Store) -> None:
    spend(store, date(2026, 6, 1), 100)
    spend(store, date(2026, 9, 1), 100)
    spend_day(store, date(2026, 9, 20), -30)

    steps = make(store, period="2026-Q3").figures["bridge"]

    assert [(step["driver"], step["change"]) for step in steps] == [("credits", "-30.00")]


def test_candidates_when_traffic_follows_the_bill_day_by_day_then_found_in_the_store(store: Store) -> None:
    spend(store, date(2026, 8, 1), 500, team="unknown")
    store.query("update llm_spend set owner_status = 'unowned', owner_confidence_band = 'none'")
    for offset in range(1, 31):
        spend_day(store, date(2026, 8, 1 + offset), 100 + offset * 37 % 91)
    store.query(
        "insert into llm_egress by name select day, 'w' as subject_id, 'openai' as vendor_id, 'growth' as team, "
        "'accept' as action, 'api' as surface, 'direct' as via, cast(amount * 1000 as bigint) as bytes_out, "
        "0 as bytes_in, day::timestamp as first_seen_at, day::timestamp as last_seen_at, "
        "day::timestamp as vendor_first_seen_at, day::timestamp as history_start_at from spend_day"
    )

    (account,) = make(store, period="2026-Q3").figures["unattributed_accounts"]

    assert account["candidates"][0]["team"] == "growth"
    assert account["candidates"][0]["for"][0].startswith("explains 100% of the bill's ups and downs over 31 days")


def unusual_days(store: Store) -> list[tuple[str, str]]:
    """Day and spend of the budget report's days out of the ordinary, September 2026."""
    sections = {section.title: section for section in make(store, "budget", period="2026-09").sections}
    return [(str(row[0]), str(row[3])) for row in sections["Days out of the ordinary"].rows]


def test_spikes_when_one_weekday_costs_five_times_the_others_then_it_alone(store: Store) -> None:
    for offset in range(40):
        day = date(2026, 8, 15) + timedelta(days=offset)
        spend_day(store, day, 20 if day.weekday() > 4 else 100 + offset * 7 % 5)
    spend_day(store, date(2026, 9, 15), 400)

    assert unusual_days(store) == [("2026-09-15", "502.00")]


def test_spikes_when_weekdays_follow_a_weekend_or_history_is_short_then_none(store: Store) -> None:
    for offset in range(8):
        spend_day(store, date(2026, 9, 1) + timedelta(days=offset), 10 ** (offset % 3))

    assert unusual_days(store) == []
