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


def build(*charges: tuple[str, str, str, str]) -> Store:
    """A store with charges of OpenAI on 14 October: grouping, project, line item, amount."""
    store = Store.open(MEMORY)
    start, end = datetime(2026, 10, 14), datetime(2026, 10, 15)  # noqa: DTZ001 - the store holds naive UTC
    for grouping, project, item, amount in charges:
        insert(
            store, "charge", source_id=1, charge_key=f"{grouping}/{project}/{item}", source_kind="openai_costs",
            provider_name="OpenAI", invoice_issuer="OpenAI", service_name="OpenAI API", billing_account_id="org-1",
            vendor_account_id=project, usage_type=item, grouped_by=grouping, period_start_at=start, period_end_at=end,
            billed_cost=Decimal(amount), effective_cost=Decimal(amount), currency="USD",
        )  # fmt: skip
    spend.build(EnrichContext(store, CATALOG, Policy(), Owners(), Config(), datetime(2026, 12, 1)))  # noqa: DTZ001
    return store


def rows(store: Store, columns: str, table: str = "llm_spend") -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from {table} order by all").rows


TOTAL = ("total", "unknown", "unknown", "100")
BY_PROJECT = [("project_id", "proj_a", "unknown", "60"), ("project_id", "proj_b", "unknown", "40")]
BY_BOTH = [("line_item,project_id", "proj_a", "gpt-5", "60"), ("line_item,project_id", "proj_b", "gpt-5", "39.99")]


@pytest.mark.parametrize("charges", [[TOTAL], [TOTAL, *BY_PROJECT], [TOTAL, *BY_PROJECT, *BY_BOTH]])
def test_spend_when_one_answer_is_grouped_in_several_ways_then_its_total_counts_once(charges: list[Any]) -> None:
    store = build(*charges)

    assert rows(store, "sum(amount)") == [(Decimal(100),)]


def test_residual_when_groups_leave_something_out_then_a_row_of_the_organization() -> None:
    store = build(TOTAL, *BY_BOTH)

    assert rows(store, "vendor_account_id, amount") == [
        ("org-1", Decimal("0.01")), ("proj_a", Decimal(60)), ("proj_b", Decimal("39.99")),
    ]  # fmt: skip


def test_reconciliation_when_settled_then_total_is_counted_and_superseded_to_the_cent() -> None:
    store = build(TOTAL, *BY_PROJECT, *BY_BOTH)

    ((total, counted, superseded),) = rows(store, "sum(total), sum(counted), sum(superseded)", "spend_reconciliation")

    assert (total, counted, superseded) == (Decimal("299.99"), Decimal(100), Decimal("199.99"))


def test_spend_when_only_one_grouping_then_nothing_is_settled() -> None:
    store = build(*BY_PROJECT)

    assert rows(store, "vendor_account_id, amount") == [("proj_a", Decimal(60)), ("proj_b", Decimal(40))]
    assert rows(store, "sum(superseded)", "spend_reconciliation") == [(Decimal(0),)]
