import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.anthropic_costs import FORMAT
from shadowscan.collect.formats.interface import Head
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges


def result(amount: object, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD", "cost_type": None, "workspace_id": None, **more}


def save(path: Path, *results: dict[str, Any], **more: Any) -> Path:
    bucket = {"starting_at": "2026-10-14T00:00:00Z", "ending_at": "2026-10-15T00:00:00Z", "results": list(results)}
    path.write_text(json.dumps({"data": [bucket], "has_more": False, "next_page": None, **more}))
    return path


def test_charges_when_sample_then_cents_become_dollars_and_no_workspace_is_the_default_one() -> None:
    columns = ("billed_cost", "vendor_account_id", "usage_type", "region", "grouped_by", "period_end_at::varchar")

    found, rows = read_charges(FORMAT, SAMPLES / "anthropic_costs.json", *columns)

    assert found.tables == {"charge": 2}
    assert rows == [
        (
            Decimal("412.185"), "wrkspc_01Ab", "claude-sonnet-4-6:uncached_input_tokens", "us",
            "description,workspace_id", "2026-10-15 00:00:00",
        ),
        (
            Decimal("1.2345"), "default", "web_search", "not_available", "description,workspace_id",
            "2026-10-15 00:00:00",
        ),
    ]  # fmt: skip


def test_amount_when_fractional_cents_then_kept(tmp_path: Path) -> None:
    path = save(tmp_path / "a.json", result("0.0000000123", product="claude_code", list_amount="1"))

    _, rows = read_charges(FORMAT, path, "billed_cost", "operation")

    assert rows == [(Decimal("0.000000000123"), "claude_code")]


def test_workspace_when_not_asked_for_then_unknown_and_the_row_is_the_total(tmp_path: Path) -> None:
    path = save(tmp_path / "a.json", result("100"))

    _, rows = read_charges(FORMAT, path, "vendor_account_id", "grouped_by")

    assert rows == [("unknown", "total")]


def test_organization_when_the_source_names_it_then_billing_account(tmp_path: Path) -> None:
    path = save(tmp_path / "a.json", result("100"))

    _, rows = read_charges(FORMAT, path, "billing_account_id", options={"organization": "org-9"})

    assert rows == [("org-9",)]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (result(100), "result 1: amount 100: not a text of cents"),
        (result("1,5"), "result 1: amount '1,5': not an amount"),
        ({"currency": "USD"}, "result 1: 'amount' is missing"),
    ],
)
def test_result_when_bad_then_refused_alone(tmp_path: Path, bad: dict[str, Any], why: str) -> None:
    path = save(tmp_path / "a.json", bad, result("200", workspace_id="wrkspc_1"))

    found, rows = read_charges(FORMAT, path, "billed_cost")

    assert (found.rejected, found.reject_sample) == (1, why)
    assert rows == [(Decimal(2),)]


def test_rows_when_by_overlapping_groups_then_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.json", result("100", rbac_group_id="rbac_group_1"), result("100", rbac_group_id=None))

    found, rows = read_charges(FORMAT, path, "billed_cost")

    assert rows == []
    assert found.rejected == 2
    assert "overlap" in found.reject_sample


def test_page_when_more_follow_then_said(tmp_path: Path) -> None:
    path = save(tmp_path / "a.json", result("100"), has_more=True, next_page="page_2")

    found, _ = read_charges(FORMAT, path, "line")

    assert found.tables["coverage_note"] == 1


def test_sniff_when_sample_then_sure_and_usage_is_not() -> None:
    usage = b'{"data": [{"starting_at": "2026-10-14T00:00:00Z", "results": [{"uncached_input_tokens": 5}]}]}'

    assert FORMAT.sniff(head_of(SAMPLES / "anthropic_costs.json")) > 0.9
    assert FORMAT.sniff(Head("x", usage)) == 0


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
