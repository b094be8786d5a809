import io
import json
from pathlib import Path

import pytest
import yaml

from shadowscan.cli import run

GERMAN = """\
Buchungstag;Wertstellung;Verwendungszweck;Betrag;Karteninhaber
09.10.2026;10.10.2026;OPENAI* API;-1.840,22;Dana Alvarez
23.10.2026;24.10.2026;ANTHROPIC;-99,00;Dana Alvarez
"""


def write(folder: Path, text: str, name: str = "bank.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def drafted(path: Path, *options: str) -> dict[str, object]:
    assert run(["init", "--map", str(path), *options]) == 0
    found: dict[str, object] = yaml.safe_load(Path(f"{path}.mapping.yaml").read_text("utf-8"))
    return found


def test_map_when_german_bank_export_then_locale_signs_and_columns(tmp_path: Path) -> None:
    assert drafted(write(tmp_path, GERMAN), "--currency", "EUR") == {
        "columns": {
            "date": "Buchungstag", "amount": "Betrag", "descriptor": "Verwendungszweck", "person": "Karteninhaber",
        },
        "decimal": "comma", "date_order": "dmy", "sign": "credit_positive", "currency": "EUR",
    }  # fmt: skip


def test_map_when_written_then_the_export_is_read_to_the_cent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    drafted(write(tmp_path, GERMAN), "--currency", "EUR")

    run(["scan", "card_csv=bank.csv", "-q", "--db", "s.duckdb", "--format", "json=a.json", "--fail-on", "never"])
    run(["sql", "select vendor_id, currency, sum(amount) as amount from llm_spend group by all order by 1", "--db",
         "s.duckdb", "--format", "json=b.json"])  # fmt: skip

    assert json.loads(Path("b.json").read_text("utf-8"))["sections"][0]["rows"] == [
        ["anthropic", "EUR", "99.000000000000"], ["openai", "EUR", "1840.220000000000"],
    ]  # fmt: skip


def test_map_when_invoices_are_numbered_then_a_mapping_of_invoices(tmp_path: Path) -> None:
    text = "Lieferant,Belegnummer,Belegdatum,Betrag,Currency\nOpenAI,INV-7,2026-01-05,12000.00,EUR\n"

    found = drafted(write(tmp_path, text))

    assert found["columns"] == {
        "vendor": "Lieferant", "invoice_number": "Belegnummer", "invoice_date": "Belegdatum", "amount": "Betrag",
        "currency": "Currency",
    }  # fmt: skip
    assert found["date_order"] == "ymd"
    assert "sign" not in found


def test_map_when_dates_are_written_with_dots_then_the_day_stands_first(tmp_path: Path) -> None:
    found = drafted(write(tmp_path, 'Buchungstag;Betrag;Verwendungszweck\n03.04.2026;"5,00";OPENAI\n'))

    assert (found["date_order"], found["decimal"]) == ("dmy", "comma")


def test_map_when_nothing_tells_day_from_month_then_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafted(write(tmp_path, "Date,Amount,Merchant,Currency\n03/04/2026,5.00,OpenAI,USD\n"))

    assert "doubt: day or month first?" in capsys.readouterr().err


def test_map_when_a_column_is_unknown_then_refused_with_the_option_to_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "Wann,Amount,Merchant\n2026-01-02,5.00,OpenAI\n")

    assert run(["init", "--map", str(path)]) == 2
    assert "--column date=HEADER" in capsys.readouterr().err
    assert not Path(f"{path}.mapping.yaml").exists()
    assert drafted(path, "--column", "date=Wann")["columns"] == {
        "date": "Wann", "amount": "Amount", "merchant": "Merchant",
    }  # fmt: skip


def test_map_when_a_person_can_answer_then_asked_until_a_column_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("9\n1\n"))

    found = drafted(write(tmp_path, "Wann,Amount,Merchant\n2026-01-02,5.00,OpenAI\n"))

    assert found["columns"] == {"date": "Wann", "amount": "Amount", "merchant": "Merchant"}


@pytest.mark.parametrize(
    "options",
    [
        ["--column", "date=Nope"],
        ["--column", "colour=Betrag"],
        ["--column", "date"],
        ["--kind", "ledger"],
        ["--decimal", "dot"],
        ["--currency", "euro"],
    ],
)
def test_map_when_an_option_is_wrong_then_2_and_nothing_written(tmp_path: Path, options: list[str]) -> None:
    path = write(tmp_path, GERMAN)

    assert run(["init", "--map", str(path), *options]) == 2
    assert not Path(f"{path}.mapping.yaml").exists()


@pytest.mark.parametrize("text", ["", "\x00\x01", "one\n", "a,a\n1,2\n", "a,,b\n1,2,3\n"])
def test_map_when_file_is_no_table_then_2(tmp_path: Path, text: str) -> None:
    assert run(["init", "--map", str(write(tmp_path, text))]) == 2


def test_map_when_file_is_not_there_or_mapping_exists_then_2(tmp_path: Path) -> None:
    assert run(["init", "--map", str(tmp_path / "no.csv")]) == 2
    path = write(tmp_path, GERMAN)
    drafted(path)
    assert run(["init", "--map", str(path)]) == 2


def test_init_when_option_of_map_without_it_then_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["init", "--currency", "EUR"]) == 2
    assert list(tmp_path.iterdir()) == []
