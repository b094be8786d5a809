import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.gcp_billing import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import BadInputError
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges

ROW: dict[str, Any] = json.loads((SAMPLES / "gcp_billing.json").read_text().splitlines()[0])


def write(path: Path, *rows: dict[str, Any]) -> Path:
    text = "\n".join(json.dumps(row) for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def test_charges_when_sample_then_credits_are_taken_off_and_labels_come_first() -> None:
    columns = ("billed_cost", "currency", "vendor_account_id", "service_name", "charge_category", "tags", "quantity")

    found, rows = read_charges(FORMAT, SAMPLES / "gcp_billing.json", *columns)

    assert found.tables == {"charge": 2}
    assert rows[0][:5] == (Decimal("11.24"), "EUR", "search-prod", "Vertex AI", "Usage")
    assert json.loads(rows[0][5]) == {"component": "rerank", "team": "search"}
    assert rows[0][6] == Decimal(24880000)
    assert rows[1][:5] == (Decimal("2.36"), "EUR", "unknown", "Vertex AI", "Tax")


def test_credits_when_several_or_tiny_then_the_sum_is_exact(tmp_path: Path) -> None:
    text = json.dumps(ROW | {"cost": 0, "credits": []})
    text = text.replace('"credits": []', '"credits": [{"amount": -0.1}, {"amount": -0.2}, {"amount": -1.5e-7}]')
    path = tmp_path / "gcp.json"
    path.write_text(text.replace('"cost": 0', '"cost": 1.000000000001'))

    _, rows = read_charges(FORMAT, path, "billed_cost")

    assert rows == [(Decimal("0.699999850001"),)]


def test_rows_when_exported_later_then_they_add_up(tmp_path: Path) -> None:
    later = ROW | {"export_time": "2026-10-15T05:00:00Z"}

    _, rows = read_charges(FORMAT, write(tmp_path / "gcp.json.gz", ROW, later), "charge_key")

    assert len(set(rows)) == 2


def test_parquet_when_nested_then_same_charge(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "gcp.parquet"
    source = write(tmp_path / "gcp.json", ROW)
    duckdb.read_json(str(source)).write_parquet(str(path))

    _, rows = read_charges(FORMAT, path, "billed_cost", "vendor_account_id", "usage_type", "tags")

    assert FORMAT.sniff(head_of(path)) > 0.9
    assert rows == read_charges(FORMAT, source, "billed_cost", "vendor_account_id", "usage_type", "tags")[1]


@pytest.mark.parametrize(("day", "provisional"), [(datetime(2026, 10, 20), True), (datetime(2026, 11, 6), False)])  # noqa: DTZ001
def test_charge_when_the_invoice_month_was_running_then_provisional(
    tmp_path: Path, day: datetime, provisional: bool
) -> None:
    _, rows = read_charges(FORMAT, write(tmp_path / "gcp.json", ROW), "provisional", observed_at=day)

    assert rows == [(provisional,)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cost": None}, "line 1: cost is empty: not an amount"),
        ({"usage_start_time": "soon"}, "line 1: usage_start_time 'soon': not a time"),
        ({"currency": "Euro"}, "line 1: currency 'Euro': not ISO 4217"),
    ],
)
def test_row_when_bad_then_rejected_alone(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    found, rows = read_charges(FORMAT, write(tmp_path / "gcp.json", ROW | change, ROW), "line")

    assert (rows, found.rejected, found.reject_sample) == ([(2,)], 1, why)


def test_export_when_cut_off_then_said(tmp_path: Path) -> None:
    path = tmp_path / "gcp.json"
    path.write_text(json.dumps(ROW) + "\n" + json.dumps(ROW)[:200])

    with pytest.raises(BadInputError, match=r"gcp\.json"):
        read_charges(FORMAT, path, "line")


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
