from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.card_csv import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import BadInputError, ConfigError
from tests.collect.formats.charges import head_of, read_charges

RAMP = """\
Transaction Date,Merchant Name,Merchant Descriptor,Amount,Currency,Cardholder,Cost Center,Transaction ID,Status
2026-10-03,OpenAI,"OPENAI *CHATGPT SUBSCR",20.00,USD,Dana Alvarez,CC-4410,txn_1,CLEARED
2026-10-09,Anthropic,ANTHROPIC,"$1,840.22",USD,Priya Natarajan,CC-2087,txn_2,CLEARED
2026-10-10,Anthropic,ANTHROPIC,(12.50),USD,Priya Natarajan,CC-2087,txn_3,CLEARED
2026-10-11,OpenAI,OPENAI* API,9.00,USD,Lee Park,,txn_4,DECLINED
2026-10-12,OpenAI,OPENAI* API,7.00,USD,Lee Park,,txn_5,pending
"""
GERMAN = "Buchungstag;Verwendungszweck;Betrag\n09.10.2026;OPENAI* API;-1.840,22\n10.10.2026;OPENAI* API;5,00\n"
MAPPING = """\
columns: {date: Buchungstag, amount: [Betrag], descriptor: Verwendungszweck}
decimal: comma
date_order: dmy
sign: credit_positive
currency: EUR
"""


def test_charges_when_ramp_export_then_refund_negative_and_declined_dropped(tmp_path: Path) -> None:
    path = tmp_path / "ramp.csv"
    path.write_text(RAMP)

    result, rows = read_charges(
        FORMAT, path, "charge_key", "billed_cost", "charge_class", "principal_id", "cost_center", "cost_basis", "line"
    )

    assert FORMAT.sniff(head_of(path)) > 0.8
    assert result.tables == {"charge": 3, "coverage_note": 1}
    assert rows == [
        ("txn_1", Decimal(20), "none", "Dana Alvarez", "CC-4410", "card", 2),
        ("txn_2", Decimal("1840.22"), "none", "Priya Natarajan", "CC-2087", "card", 3),
        ("txn_3", Decimal("-12.5"), "Correction", "Priya Natarajan", "CC-2087", "card", 4),
    ]


@pytest.mark.parametrize("name", ["karte.mapping.yaml", "karte.csv.mapping.yaml", "card_csv.mapping.yaml"])
def test_charges_when_mapping_beside_then_locale_and_sign(tmp_path: Path, name: str) -> None:
    path = tmp_path / "karte.csv"
    path.write_text(GERMAN)
    (tmp_path / name).write_text(MAPPING)

    _, rows = read_charges(FORMAT, path, "billed_cost", "currency", "period_start_at::date::varchar")

    assert rows == [(Decimal("1840.22"), "EUR", "2026-10-09"), (Decimal(-5), "EUR", "2026-10-10")]


def test_charges_when_mapping_by_option_then_taken(tmp_path: Path) -> None:
    path, mapping = tmp_path / "karte.csv", tmp_path / "bank.yaml"
    path.write_text(GERMAN)
    mapping.write_text(MAPPING)

    result, _ = read_charges(FORMAT, path, "line", options={"mapping": str(mapping)})

    assert result.tables == {"charge": 2}


def test_mapping_when_unknown_word_then_refused_with_line(tmp_path: Path) -> None:
    path = tmp_path / "karte.csv"
    path.write_text(GERMAN)
    (tmp_path / "karte.mapping.yaml").write_text("columns: {date: Buchungstag}\ndecimals: comma\n")

    with pytest.raises(ConfigError, match=r"karte\.mapping\.yaml:2"):
        read_charges(FORMAT, path, "line")


def test_export_when_no_amount_column_then_hint_names_mapping(tmp_path: Path) -> None:
    path = tmp_path / "karte.csv"
    path.write_text("Date,Merchant\n2026-10-01,OpenAI\n")

    with pytest.raises(BadInputError, match=r"karte\.csv: no column means amount[\s\S]*karte\.csv\.mapping\.yaml"):
        read_charges(FORMAT, path, "line")


def test_row_when_amount_is_no_number_then_rejected_with_line(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    path.write_text("Date,Merchant,Amount\n2026-10-01,OpenAI,free\n13/13/2026,OpenAI,1\n2026-10-02,OpenAI,2\n")

    result, rows = read_charges(FORMAT, path, "billed_cost")

    assert rows == [(Decimal(2),)]
    assert (result.rejected, result.reject_sample) == (2, "line 2: amount 'free': not an amount")


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
