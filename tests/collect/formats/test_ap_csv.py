from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.ap_csv import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import BadInputError
from tests.collect.conftest import SAMPLES
from tests.collect.formats.charges import head_of, read_charges

HEADER = "Vendor Name,Invoice Number,Invoice Date,Period Start,Period End,Amount,Tax,Currency,Status\n"


def write(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return path


def test_charges_when_sample_then_annual_invoice_is_twelve_months_that_sum_to_it() -> None:
    found, rows = read_charges(
        FORMAT, SAMPLES / "ap_csv.csv", "billed_cost", "period_start_at::varchar", "charge_category", "currency"
    )

    assert found.tables == {"charge": 14}
    assert sum(row[0] for row in rows if row[3] == "USD") == Decimal(12000)
    assert [row[0] for row in rows if row[1] == "2026-02-01 00:00:00"] == [Decimal("920.55")]
    assert sorted(row[0::2] for row in rows if row[3] == "EUR") == [(Decimal(190), "Tax"), (Decimal(1000), "Usage")]


@pytest.mark.parametrize("amount", ["100.00", "-100.00", "0.01", "99.999", "1234567.89"])
def test_invoice_when_amortised_then_parts_sum_exactly(tmp_path: Path, amount: str) -> None:
    path = write(tmp_path / "ap.csv", f"OpenAI,1,2026-01-05,2026-01-15,2026-04-14,{amount},,USD,")

    _, rows = read_charges(FORMAT, path, "billed_cost", "period_start_at::varchar", "period_end_at::varchar")

    assert sum(row[0] for row in rows) == Decimal(amount)
    assert len(rows) == 4
    assert min(row[1] for row in rows) == "2026-01-15 00:00:00"
    assert max(row[2] for row in rows) == "2026-04-15 00:00:00"


def test_invoice_when_mapping_says_german_then_read_so(tmp_path: Path) -> None:
    path = tmp_path / "kreditoren.csv"
    path.write_text("Lieferant;Belegnummer;Belegdatum;Betrag;USt\nMistral AI;7;05.10.2026;1.840,22;349,64\n")
    (tmp_path / "ap_csv.mapping.yaml").write_text(
        "columns: {vendor: Lieferant, invoice_number: Belegnummer, invoice_date: Belegdatum, amount: Betrag,\n"
        "          tax: USt}\n"
        "decimal: comma\ndate_order: dmy\ntax: on_top\ncurrency: EUR\n"
    )

    _, rows = read_charges(FORMAT, path, "billed_cost", "charge_category", "currency", "period_start_at::varchar")

    day = "2026-10-05 00:00:00"
    assert sorted(rows) == [(Decimal("349.64"), "Tax", "EUR", day), (Decimal("1840.22"), "Usage", "EUR", day)]


def test_credit_note_when_minus_stands_behind_then_correction(tmp_path: Path) -> None:
    path = write(tmp_path / "ap.csv", "OpenAI,1,2026-01-05,,,12.50-,,USD,")

    _, rows = read_charges(FORMAT, path, "billed_cost", "charge_category", "charge_class")

    assert rows == [(Decimal("-12.5"), "Adjustment", "Correction")]


def test_invoice_when_void_then_no_charge(tmp_path: Path) -> None:
    path = write(tmp_path / "ap.csv", "OpenAI,1,2026-01-05,,,12.50,,USD,Void", "OpenAI,2,2026-01-05,,,3,,USD,Paid")

    _, rows = read_charges(FORMAT, path, "billed_cost")

    assert rows == [(Decimal(3),)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("OpenAI,1,2026-01-05,,,=cmd,,USD,", "line 2: amount '=cmd': not an amount"),
        ("OpenAI,1,soon,,,5,,USD,", "line 2: invoice date 'soon': not a date"),
        ("OpenAI,1,2026-01-05,2026-03-01,2026-01-31,5,,USD,", "line 2: period 2026-03-01 to 2026-01-31: not a period"),
        ("OpenAI,1,2026-01-05,2026-03-01,,5,,USD,", "line 2: period 2026-03-01 to ?: not a period"),
        ("OpenAI,1,2026-01-05,,,5,,Dollar,", "line 2: currency 'Dollar': not ISO 4217"),
    ],
)
def test_row_when_bad_then_rejected_with_its_line(tmp_path: Path, row: str, why: str) -> None:
    found, rows = read_charges(FORMAT, write(tmp_path / "ap.csv", row), "line")

    assert rows == []
    assert found.rejected == 1
    assert found.reject_sample.startswith(why)


def test_export_when_no_column_means_the_number_then_named(tmp_path: Path) -> None:
    path = tmp_path / "ap.csv"
    path.write_text("Vendor,Invoice Date,Amount\nOpenAI,2026-01-01,5\n")

    with pytest.raises(BadInputError, match="invoice_number"):
        read_charges(FORMAT, path, "line")


def test_sniff_when_sample_then_sure() -> None:
    assert FORMAT.sniff(head_of(SAMPLES / "ap_csv.csv")) == 0.9


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
