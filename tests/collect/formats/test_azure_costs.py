import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.azure_costs import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import BadInputError
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges

HEADER = (
    "date,subscriptionId,meterCategory,meterSubCategory,meterName,unitOfMeasure,costInBillingCurrency,billingCurrency,"
    "chargeType"
)


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_charges_when_sample_then_tags_without_braces_and_publisher_are_read() -> None:
    columns = ("billed_cost", "service_name", "usage_type", "provider_name", "region", "cost_center", "tags")

    found, rows = read_charges(FORMAT, SAMPLES / "azure_costs.csv", *columns)

    assert found.tables == {"charge": 2}
    assert rows[0][:6] == (
        Decimal("9.952"), "Foundry Models", "gpt 4.1 mini Inp glbl Tokens", "Microsoft", "swedencentral", "CC-2087",
    )  # fmt: skip
    assert json.loads(rows[0][6]) == {"env": "prod", "team": "search"}
    assert rows[1][3] == "Anthropic"


@pytest.mark.parametrize("header", [HEADER, HEADER.upper(), HEADER.replace("costInBillingCurrency", "PreTaxCost")])
def test_header_when_of_another_agreement_then_same_charges(tmp_path: Path, header: str) -> None:
    path = write(tmp_path / "a.csv", "2026-10-14,s-1,Azure OpenAI,,gpt,1K,1.5E-7,usd,Usage", header=header)

    _, rows = read_charges(FORMAT, path, "billed_cost", "currency", "vendor_account_id", "period_end_at::varchar")

    assert FORMAT.sniff(head_of(path)) > 0.9
    assert rows == [(Decimal("0.00000015"), "USD", "s-1", "2026-10-15 00:00:00")]


@pytest.mark.parametrize(
    ("kind", "category", "charge_class"),
    [
        ("Usage", "Usage", "none"),
        ("UnusedReservation", "Usage", "none"),
        ("Purchase", "Purchase", "none"),
        ("Refund", "Adjustment", "Correction"),
        ("Tax", "Tax", "none"),
        ("RoundingAdjustment", "Adjustment", "none"),
    ],
)
def test_category_when_charge_type_then_focus_word(tmp_path: Path, kind: str, category: str, charge_class: str) -> None:
    path = write(tmp_path / "a.csv", f"10/14/2026,s-1,Azure OpenAI,,gpt,1K,-1,EUR,{kind}")

    _, rows = read_charges(FORMAT, path, "charge_category", "charge_class", "billed_cost")

    assert rows == [(category, charge_class, Decimal(-1))]


def test_service_when_cognitive_services_then_the_sub_category_decides(tmp_path: Path) -> None:
    vision = "10/14/2026,s-1,Cognitive Services,Computer Vision,ocr,1K,1,EUR,Usage"
    openai = "10/14/2026,s-1,Cognitive Services,Azure OpenAI Service,gpt,1K,1,EUR,Usage"

    _, rows = read_charges(FORMAT, write(tmp_path / "a.csv", vision, openai), "service_name")

    assert rows == [("Cognitive Services",), ("Azure OpenAI Service",)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("10/14/2026,s,A,,m,1K,=1+1,EUR,Usage", "line 2: cost '=1+1': not an amount"),
        ("14.10.2026,s,A,,m,1K,1,EUR,Usage", "line 2: date '14.10.2026': not a date"),
        ("10/14/2026,s,A,,m,1K,1,,Usage", "line 2: currency is empty: not ISO 4217"),
    ],
)
def test_row_when_bad_then_rejected_with_its_line(tmp_path: Path, row: str, why: str) -> None:
    found, rows = read_charges(FORMAT, write(tmp_path / "a.csv", row), "line")

    assert (rows, found.rejected, found.reject_sample) == ([], 1, why)


def test_export_when_it_has_no_cost_then_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "2026-10-14,OpenAI", header="date,meterCategory")

    with pytest.raises(BadInputError, match="lacks a cost"):
        read_charges(FORMAT, path, "line")


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
