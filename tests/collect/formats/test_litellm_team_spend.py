from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.litellm_team_spend import FORMAT
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges

HEADER = "team_id,date,api_key,model,custom_llm_provider,spend,api_requests\n"


def test_charges_when_sample_then_estimates_by_team_and_vendor() -> None:
    columns = ("billed_cost", "cost_basis", "vendor_account_id", "provider_name", "usage_type", "quantity")

    found, rows = read_charges(FORMAT, SAMPLES / "litellm_team_spend.json", *columns)

    assert found.tables == {"charge": 2}
    assert rows == [
        (Decimal("0.0123"), "estimated", "t-search", "openai", "gpt-5", Decimal(1500)),
        (Decimal("0.00000015"), "estimated", "unknown", "aws-bedrock", "anthropic.claude-sonnet-4-6", Decimal(13)),
    ]


def test_charges_when_csv_then_same(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text(HEADER + "t-1,2026-10-14,k,gpt-5,azure,0.5,1\n")

    _, rows = read_charges(FORMAT, path, "billed_cost", "provider_name", "period_end_at::varchar")

    assert FORMAT.sniff(head_of(path)) > 0.9
    assert rows == [(Decimal("0.5"), "azure-openai", "2026-10-15 00:00:00")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("t-1,2026-10-14,k,gpt-5,azure,lots,1", "line 2: spend 'lots': not an amount"),
        ("t-1,soon,k,gpt-5,azure,1,1", "line 2: date 'soon': not a date"),
    ],
)
def test_row_when_bad_then_rejected_with_its_line(tmp_path: Path, row: str, why: str) -> None:
    path = tmp_path / "spend.csv"
    path.write_text(f"{HEADER}{row}\n")

    found, rows = read_charges(FORMAT, path, "line")

    assert (rows, found.rejected, found.reject_sample) == ([], 1, why)


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
