import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.openrouter_activity import FORMAT
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges

ENTRY: dict[str, Any] = json.loads((SAMPLES / "openrouter_activity.json").read_text())["data"][0]


def save(path: Path, *entries: Any) -> Path:
    path.write_text(json.dumps({"data": list(entries)}))
    return path


def test_charges_when_sample_then_own_keys_are_not_openrouters_spend() -> None:
    columns = ("billed_cost", "usage_type", "description", "quantity", "unit", "period_end_at::varchar")

    found, rows = read_charges(FORMAT, SAMPLES / "openrouter_activity.json", *columns)

    assert found.tables == {"charge": 1}
    assert rows == [
        (Decimal("0.015"), "openai/gpt-4.1-2025-04-14", "via OpenAI", Decimal(175), "tokens", "2026-10-15 00:00:00")
    ]


def test_entries_when_of_two_endpoints_then_both_count_and_a_repeated_one_once(tmp_path: Path) -> None:
    other = ENTRY | {"endpoint_id": "another"}

    _, rows = read_charges(FORMAT, save(tmp_path / "a.json", ENTRY, other, ENTRY), "billed_cost")

    assert rows == [(Decimal("0.015"),), (Decimal("0.015"),)]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (ENTRY | {"usage": None}, "entry 1: usage 'None': not an amount"),
        (ENTRY | {"date": "soon"}, "entry 1: date 'soon': not a time"),
        (ENTRY | {"model": None, "model_permaslug": None, "usage": "x"}, "entry 1: usage 'x': not an amount"),
    ],
)
def test_entry_when_bad_then_refused_alone(tmp_path: Path, bad: dict[str, Any], why: str) -> None:
    found, rows = read_charges(FORMAT, save(tmp_path / "a.json", bad, ENTRY), "billed_cost")

    assert (found.rejected, found.reject_sample) == (1, why)
    assert rows == [(Decimal("0.015"),)]


def test_sniff_when_sample_then_sure() -> None:
    assert FORMAT.sniff(head_of(SAMPLES / "openrouter_activity.json")) > 0.9


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
