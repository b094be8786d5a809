import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.aws_cost_explorer import FORMAT
from shadowscan.collect.formats.interface import Head
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges


def metrics(amount: str) -> dict[str, Any]:
    return {"UnblendedCost": {"Amount": amount, "Unit": "USD"}}


def save(path: Path, *groups: dict[str, Any], asked: list[tuple[str, str]], **more: Any) -> Path:
    result = {"TimePeriod": {"Start": "2026-10-01", "End": "2026-10-02"}, "Estimated": False, "Groups": list(groups)}
    result |= {name: more.pop(name) for name in ("Total",) if name in more}
    definitions = [{"Type": kind, "Key": key} for kind, key in asked]
    path.write_text(json.dumps({"GroupDefinitions": definitions, "ResultsByTime": [result], **more}))
    return path


def test_charges_when_sample_then_exact_amounts_with_account_name() -> None:
    columns = ("billed_cost", "effective_cost", "vendor_account_id", "vendor_account_name", "service_name", "unit")

    found, rows = read_charges(FORMAT, SAMPLES / "aws_cost_explorer.json", *columns, "provisional", "grouped_by")

    assert found.tables == {"charge": 2}
    assert rows == [
        (
            Decimal("1834.2210000001"), Decimal(1800), "222222222222", "search-prod", "Amazon Bedrock", "unknown", True,
            "LINKED_ACCOUNT,SERVICE",
        ),
        (
            Decimal("977.1"), Decimal("977.1"), "222222222222", "search-prod",
            "Claude Sonnet 4.6 (Amazon Bedrock Edition)", "unknown", True, "LINKED_ACCOUNT,SERVICE",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "tags"), [("team$search", '{"team": "search"}'), ("team$", "{}")])
def test_tag_when_grouped_by_it_then_tag_or_none(tmp_path: Path, key: str, tags: str) -> None:
    group = {"Keys": ["Amazon Bedrock", key], "Metrics": metrics("5")}
    path = save(tmp_path / "ce.json", group, asked=[("DIMENSION", "SERVICE"), ("TAG", "team")])

    _, rows = read_charges(FORMAT, path, "tags")

    assert rows == [(tags,)]


def test_total_when_ungrouped_then_one_charge(tmp_path: Path) -> None:
    path = save(tmp_path / "ce.json", asked=[], Total=metrics("99.5"))

    _, rows = read_charges(FORMAT, path, "billed_cost", "grouped_by", "service_name")

    assert rows == [(Decimal("99.5"), "total", "unknown")]


def test_group_when_refund_then_correction(tmp_path: Path) -> None:
    group = {"Keys": ["Amazon Bedrock", "Refund"], "Metrics": metrics("-5")}
    path = save(tmp_path / "ce.json", group, asked=[("DIMENSION", "SERVICE"), ("DIMENSION", "RECORD_TYPE")])

    _, rows = read_charges(FORMAT, path, "billed_cost", "charge_category", "charge_class")

    assert rows == [(Decimal(-5), "Adjustment", "Correction")]


@pytest.mark.parametrize(
    "bad",
    [
        {"Keys": ["Amazon Bedrock"], "Metrics": metrics("five")},
        {"Keys": ["Amazon Bedrock"], "Metrics": {}},
        {"Keys": [], "Metrics": metrics("5")},
    ],
)
def test_group_when_bad_then_refused(tmp_path: Path, bad: dict[str, Any]) -> None:
    path = save(tmp_path / "ce.json", bad, asked=[("DIMENSION", "SERVICE")])

    found, rows = read_charges(FORMAT, path, "line")

    assert (rows, found.rejected) == ([], 1)


def test_answer_when_more_follow_then_said(tmp_path: Path) -> None:
    path = save(tmp_path / "ce.json", asked=[], Total=metrics("1"), NextPageToken="t")

    found, _ = read_charges(FORMAT, path, "line")

    assert found.tables == {"charge": 1, "coverage_note": 1}


def test_sniff_when_sample_then_sure() -> None:
    assert FORMAT.sniff(head_of(SAMPLES / "aws_cost_explorer.json")) > 0.9


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
