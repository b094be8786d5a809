import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.openai_costs import FORMAT
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges

START = 1791936000  # 2026-10-14 00:00 UTC


def result(value: object, **more: Any) -> dict[str, Any]:
    return {"object": "organization.costs.result", "amount": {"value": value, "currency": "usd"}, **more}


def page(*results: dict[str, Any], start: int = START, **more: Any) -> dict[str, Any]:
    bucket = {"object": "bucket", "start_time": start, "end_time": start + 86_400, "results": list(results)}
    return {"object": "page", "data": [bucket], "has_more": False, "next_page": None, **more}


def save(path: Path, *pages: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in pages))
    return path


def test_charges_when_sample_then_dollars_are_exact_and_the_cut_page_is_said() -> None:
    columns = ("billed_cost", "currency", "vendor_account_id", "usage_type", "quantity", "unit", "grouped_by")

    result, rows = read_charges(FORMAT, SAMPLES / "openai_costs.json", *columns, "period_start_at::varchar")

    assert result.tables == {"charge": 2, "coverage_note": 1}
    assert rows == [
        (
            Decimal("412.18"), "USD", "proj_k3", "gpt-5, input_tokens", Decimal(329744), "1000_tokens",
            "line_item,project_id", "2026-10-14 00:00:00",
        ),
        (
            Decimal("0.100000000000"), "USD", "unknown", "gpt-5, output_tokens", Decimal(10), "1000_tokens",
            "line_item,project_id", "2026-10-14 00:00:00",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "exact"), [("0.1234567890123", "0.123456789012"), (1.5e-7, "0.00000015"), (3, "3"), (-2.5, "-2.5")]
)
def test_amount_when_text_number_or_refund_then_exact(tmp_path: Path, value: object, exact: str) -> None:
    path = save(tmp_path / "costs.json", page(result(value)))

    _, rows = read_charges(FORMAT, path, "billed_cost", "effective_cost")

    assert rows == [(Decimal(exact), Decimal(exact))]


def test_grouping_when_page_is_ungrouped_then_total_and_keys_of_the_two_differ(tmp_path: Path) -> None:
    path = save(tmp_path / "costs.json", page(result(5)), page(result(4, project_id="proj_a"), result(1)))

    _, rows = read_charges(FORMAT, path, "grouped_by", "billed_cost")

    assert rows == [("total", Decimal(5)), ("project_id", Decimal(4)), ("project_id", Decimal(1))]


def test_grouping_when_the_page_says_it_then_believed(tmp_path: Path) -> None:
    path = save(tmp_path / "costs.json", page(result(5), group_by=["project_id", "line_item"]))

    _, rows = read_charges(FORMAT, path, "grouped_by")

    assert rows == [("line_item,project_id",)]


def test_page_when_saved_twice_then_its_charges_count_once(tmp_path: Path) -> None:
    one = page(result(4, project_id="proj_a"))
    path = save(tmp_path / "costs.json", one, one)

    result_, rows = read_charges(FORMAT, path, "billed_cost")

    assert rows == [(Decimal(4),)]
    assert result_.tables["coverage_note"] == 1


def test_key_when_amount_is_restated_then_stays(tmp_path: Path) -> None:
    before = read_charges(FORMAT, save(tmp_path / "a.json", page(result(4, project_id="proj_a"))), "charge_key")
    after = read_charges(FORMAT, save(tmp_path / "b.json", page(result(9, project_id="proj_a"))), "charge_key")

    assert before[1] == after[1]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (result("twelve"), "result 1: amount.value 'twelve': not an amount"),
        (result("1e40"), "result 1: amount.value '1e40': not an amount"),
        (result("NaN"), "result 1: amount.value 'NaN': not an amount"),
        ({**result(1), "amount": {"value": 1, "currency": "dollars"}}, "result 1: currency 'DOLLARS': not ISO 4217"),
        ({**result(1), "amount": 7}, "result 1: 'int' object has no attribute 'get'"),
    ],
)
def test_result_when_bad_then_refused_alone(tmp_path: Path, bad: dict[str, Any], why: str) -> None:
    path = save(tmp_path / "costs.json", page(bad, result(2, project_id="proj_a")))

    result_, rows = read_charges(FORMAT, path, "billed_cost")

    assert (result_.rejected, result_.reject_sample) == (1, why)
    assert rows == [(Decimal(2),)]


def test_page_when_cut_off_then_the_whole_pages_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "costs.json"
    path.write_text(json.dumps(page(result(4))) + "\n" + json.dumps(page(result(5)))[:90])

    result_, rows = read_charges(FORMAT, path, "billed_cost")

    assert result_.rejected == 1
    assert rows == [(Decimal(4),)]


def test_result_when_a_cell_is_huge_or_a_formula_then_text_is_cut_and_kept_as_text(tmp_path: Path) -> None:
    huge, formula = result(1, line_item="x" * 10_000_000), result(2, line_item='=cmd|"/c calc"!A1')
    path = save(tmp_path / "costs.json", page(huge, formula))

    _, rows = read_charges(FORMAT, path, "length(usage_type)", "billed_cost")

    assert rows == [(1000, Decimal(1)), (17, Decimal(2))]


def test_sniff_when_page_of_usage_then_not_costs() -> None:
    usage = {"object": "organization.usage.completions.result", "input_tokens": 1}

    assert FORMAT.sniff(Head("x", json.dumps(page(usage)).encode())) == 0
    assert FORMAT.sniff(head_of(SAMPLES / "openai_costs.json")) > 0.9


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
