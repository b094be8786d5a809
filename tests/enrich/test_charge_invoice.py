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


def charge(store: Store, kind: str, basis: str, project: str, amount: str, **more: Any) -> None:
    """One charge of OpenAI in September."""
    at = datetime(2026, 9, 1)  # noqa: DTZ001 - the store holds naive UTC
    row: dict[str, Any] = {
        "source_id": len(kind), "line": 1, "charge_key": f"{kind}/{project}/{amount}", "source_kind": kind,
        "cost_basis": basis, "provider_name": "OpenAI OpCo, LLC" if basis == "invoice" else "OpenAI",
        "invoice_issuer": "OpenAI", "vendor_account_id": project, "period_start_at": at,
        "period_end_at": datetime(2026, 10, 1), "billed_cost": Decimal(amount),  # noqa: DTZ001
        "effective_cost": Decimal(amount), "currency": "USD",
    }  # fmt: skip
    row["invoice_issuer"] = row["provider_name"]
    insert(store, "charge", **{**row, **more})


def build(invoices: list[str], exported: list[tuple[str, str]], **more: Any) -> Store:
    store = Store.open(MEMORY)
    for number, amount in enumerate(invoices):
        charge(store, "ap_csv", "invoice", "unknown", amount, **{"line": number, **more})
    for project, amount in exported:
        charge(store, "openai_costs", "billed", project, amount)
    spend.build(EnrichContext(store, CATALOG, Policy(), Owners(), Config(), datetime(2026, 12, 1)))  # noqa: DTZ001
    return store


def rows(store: Store, columns: str, table: str = "llm_spend") -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from {table} order by all").rows


EXPORTED = [("proj_a", "60"), ("proj_b", "39.99")]


@pytest.mark.parametrize("invoices", [["100"], ["70", "30"]])
def test_invoice_when_an_export_shares_it_out_then_total_is_the_invoice_and_residual_is_a_row(
    invoices: list[str],
) -> None:
    store = build(invoices, EXPORTED)

    assert rows(store, "vendor_account_id, source_kind, amount") == [
        ("invoice", "ap_csv", Decimal("0.01")),
        ("proj_a", "openai_costs", Decimal(60)),
        ("proj_b", "openai_costs", Decimal("39.99")),
    ]
    assert rows(store, "sum(total), sum(counted), sum(superseded)", "spend_reconciliation") == [
        (Decimal("199.99"), Decimal(100), Decimal("99.99"))
    ]


def test_invoice_when_it_says_much_less_then_the_export_counts_alone() -> None:
    store = build(["50"], EXPORTED)

    assert rows(store, "sum(amount)") == [(Decimal("99.99"),)]
    assert rows(
        store, "source_kind, sum(superseded)", "spend_reconciliation where source_kind = 'ap_csv' group by 1"
    ) == [("ap_csv", Decimal(50))]


def test_invoice_when_nothing_else_tells_of_it_then_it_counts() -> None:
    assert rows(build(["50"], []), "vendor_account_id, amount") == [("invoice", Decimal(50))]


def test_invoice_when_of_another_currency_then_both_are_kept_apart() -> None:
    store = build(["100"], EXPORTED, currency="EUR")

    assert rows(store, "currency, sum(amount)", "llm_spend group by currency") == [
        ("EUR", Decimal(100)), ("USD", Decimal("99.99")),
    ]  # fmt: skip
