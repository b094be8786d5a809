from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from shadowscan.config import Config
from shadowscan.enrich import spend
from shadowscan.enrich.context import EnrichContext
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.store.connection import MEMORY, Store
from tests.enrich.records import CATALOG, insert

POLICY = Policy.model_validate(
    {
        "vendors": {"approved": [{"id": "openai"}, {"id": "aws-bedrock"}]},
        "gateways": [{"name": "gw", "credentials": ["proj_gw", "arn:aws:iam::470100000011:role/gw"]}],
        "spend": {"growth_alert": "0.25"},
    }
)
OWNERS = Owners.model_validate({"teams": [{"name": "growth", "cost_centers": ["CC-4410"]}]})


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(MEMORY) as opened:
        yield opened


def charge(store: Store, day: str, amount: str, **more: Any) -> None:
    """One charge of OpenAI project proj_k3 in a FOCUS export, unless said otherwise."""
    at = datetime.fromisoformat(day)
    row: dict[str, Any] = {
        "source_id": 1, "charge_key": f"{day}/{amount}/{more.get('vendor_account_id', '')}", "source_kind": "focus",
        "provider_name": "OpenAI", "invoice_issuer": "OpenAI", "service_name": "OpenAI API",
        "billing_account_id": "org-1", "vendor_account_id": "proj_k3", "period_start_at": at, "period_end_at": at,
        "billed_cost": Decimal(amount), "effective_cost": Decimal(amount), "currency": "USD",
    }  # fmt: skip
    insert(store, "charge", **{**row, **more})


def card(store: Store, day: str, amount: str, **more: Any) -> None:
    words = {"service_name": "unknown", "description": "OPENAI* API", "principal_id": "Dana", "cost_center": "CC-4410"}
    ids = {"vendor_account_id": "unknown", "billing_account_id": "unknown"}
    charge(store, day, amount, source_kind="card_csv", source_id=9, cost_basis="card", **{**words, **ids, **more})


def build(store: Store, policy: Policy = POLICY) -> None:
    as_of = datetime(2026, 11, 1)  # noqa: DTZ001 - the store holds naive UTC
    spend.build(EnrichContext(store, CATALOG, policy, OWNERS, Config(), as_of))


def rows(store: Store, columns: str, table: str = "llm_spend") -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from {table} order by all").rows


def test_spend_when_not_an_llm_vendor_then_left_out(store: Store) -> None:
    charge(store, "2026-09-01", "10")
    charge(store, "2026-09-01", "99", provider_name="AWS", service_name="AmazonEC2")
    card(store, "2026-09-01", "6.40", provider_name="Cursor Coffee", description="SQ *CURSOR COFFEE")

    build(store)

    assert rows(store, "vendor_id, kind, amount") == [("openai", "api", Decimal(10))]


def test_kind_when_tax_credit_seat_or_refund_then_apart_and_refund_stays_api(store: Store) -> None:
    charge(store, "2026-09-01", "100")
    charge(store, "2026-09-02", "-10", charge_category="Adjustment", charge_class="Correction")
    charge(store, "2026-09-03", "5", charge_category="Tax")
    charge(store, "2026-09-04", "-7", charge_category="Credit")
    card(store, "2026-09-05", "20", description="OPENAI *CHATGPT SUBSCR", principal_id="Lee")

    build(store)

    assert rows(store, "kind, amount") == [
        ("api", Decimal(90)), ("credit", Decimal(-7)), ("seat", Decimal(20)), ("tax", Decimal(5)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "via"),
    [
        ({"vendor_account_id": "proj_gw"}, "gateway"),
        ({"credential_id": "proj_gw"}, "gateway"),
        ({"principal_id": "arn:aws:sts::470100000011:assumed-role/gw/i-0abc"}, "gateway"),
        ({"principal_id": "arn:aws:sts::470100000011:assumed-role/gw2/i-0abc"}, "direct"),
        ({}, "direct"),
    ],
)
def test_via_when_credential_is_the_gateways_then_gateway(store: Store, more: dict[str, str], via: str) -> None:
    charge(store, "2026-09-01", "10", **more)

    build(store)

    assert rows(store, "via") == [(via,)]


def test_card_when_no_bill_then_opaque_account_of_the_payer_with_hint(store: Store) -> None:
    card(store, "2026-09-09", "1620")

    build(store)

    assert rows(store, "vendor_account_id, account_kind, payer, via") == [("Dana", "card", "Dana", "opaque")]
    assert ("openai", "Dana", "cost_center", "CC-4410", "growth") in rows(store, "*", "spend_hint")
    assert rows(store, "subject_id", "subject") == [("account:openai/Dana",)]


@pytest.mark.parametrize(
    ("amount", "day", "counted"), [("101", "2026-09-03", 1), ("102", "2026-09-03", 2), ("100", "2026-09-20", 2)]
)
def test_card_when_it_pays_a_bill_then_superseded(store: Store, amount: str, day: str, counted: int) -> None:
    charge(store, "2026-08-01", "100", period_end_at=datetime(2026, 9, 1))  # noqa: DTZ001
    card(store, day, amount)

    build(store)

    assert len(rows(store, "source_kind")) == counted


def test_gateway_estimate_when_vendor_bills_too_then_superseded_but_kept(store: Store) -> None:
    charge(store, "2026-09-01", "100", vendor_account_id="proj_gw")
    charge(store, "2026-09-01", "97", vendor_account_id="team-a", source_kind="litellm", cost_basis="estimated")

    build(store)

    assert rows(store, "amount, via") == [(Decimal(100), "gateway")]
    assert rows(store, "source_kind, counted, superseded, superseded_by", "spend_reconciliation") == [
        ("focus", Decimal(100), Decimal(0), "none"),
        ("litellm", Decimal(0), Decimal(97), "focus openai"),
    ]


def test_authority_when_two_sources_bill_one_account_then_the_higher_with_the_difference(store: Store) -> None:
    account = {"vendor_account_id": "470100000022", "service_name": "AmazonBedrock", "provider_name": "AWS"}
    charge(store, "2026-09-01", "100", source_kind="aws_cur", **account)
    charge(store, "2026-09-01", "98", **account, invoice_issuer="AWS")

    build(store)

    assert rows(store, "source_kind, amount") == [("aws_cur", Decimal(100))]
    assert rows(store, "source_kind, difference", "spend_reconciliation") == [
        ("aws_cur", Decimal(0)), ("focus", Decimal(-2)),
    ]  # fmt: skip


def test_charge_when_exported_again_then_the_newest_amount_counts_once(store: Store) -> None:
    charge(store, "2026-09-01", "10", charge_key="same")
    charge(store, "2026-09-01", "12", charge_key="same", source_id=2)

    build(store)

    assert rows(store, "amount") == [(Decimal(12),)]


def test_currencies_when_two_then_two_rows_never_a_sum(store: Store) -> None:
    charge(store, "2026-09-01", "10")
    charge(store, "2026-09-02", "10", currency="EUR")

    build(store)

    assert rows(store, "currency, amount, quarter_amount") == [
        ("EUR", Decimal(10), Decimal(10)), ("USD", Decimal(10), Decimal(10)),
    ]  # fmt: skip


def test_growth_when_previous_quarter_is_complete_then_threshold_else_zero(store: Store) -> None:
    charge(store, "2026-04-01", "100")
    charge(store, "2026-07-01", "140")
    charge(store, "2026-09-01", "1")

    build(store)

    columns = (
        "month::varchar, previous_quarter_amount, quarter_amount, growth_threshold_amount, is_last_complete_quarter"
    )
    assert rows(store, columns) == [
        ("2026-04-01", Decimal(0), Decimal(100), Decimal(0), False),
        ("2026-07-01", Decimal(100), Decimal(141), Decimal(125), True),
        ("2026-09-01", Decimal(100), Decimal(141), Decimal(125), True),
    ]


def test_traffic_when_seen_in_that_month_then_covered(store: Store) -> None:
    charge(store, "2026-08-01", "10")
    charge(store, "2026-09-01", "10")
    at = datetime(2026, 9, 28)  # noqa: DTZ001
    insert(
        store, "source_object", source_id=5, target="t", object="o", format="aws_vpc_flow", digest="d", version="v",
        state="collected", rows='{"flow":3}', first_at=at, last_at=at, collected_at=at, run_id="r",
    )  # fmt: skip

    build(store)

    assert rows(store, "month::varchar, traffic_covered, has_traffic") == [
        ("2026-08-01", False, False), ("2026-09-01", True, False),
    ]  # fmt: skip


def test_build_when_run_twice_then_same_rows_and_evidence(store: Store) -> None:
    charge(store, "2026-09-01", "10")
    build(store)
    first = [rows(store, "*", table) for table in ("llm_spend", "evidence_sample", "evidence_source", "spend_day")]

    build(store)

    assert first == [
        rows(store, "*", table) for table in ("llm_spend", "evidence_sample", "evidence_source", "spend_day")
    ]
    assert first[2][0][2] == 1


def test_spend_when_a_month_is_delivered_again_then_the_newest_delivery_counts_whole(store: Store) -> None:
    series = {"delivery_series": "cur/20260901-20261001", "source_kind": "aws_cur", "service_name": "AmazonBedrock"}
    old = {**series, "delivery": "z-first", "delivered_at": datetime(2026, 9, 10)}  # noqa: DTZ001
    new = {**series, "delivery": "a-last", "delivered_at": datetime(2026, 9, 20)}  # noqa: DTZ001
    charge(store, "2026-09-01", "10", **old)
    charge(store, "2026-09-02", "90", **old)
    charge(store, "2026-09-01", "11", **new)

    build(store)

    assert rows(store, "amount") == [(Decimal(11),)]
