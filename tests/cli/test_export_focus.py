import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from shadowscan.cli import run
from shadowscan.demo.company import write_company

STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:00:00Z")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    company = write_company(tmp_path_factory.mktemp("acme") / "acme")
    made = company.policy.parent / "store.duckdb"
    arguments = ["scan", *map(str, company.targets), "--db", str(made), "-q", "--policy", str(company.policy)]
    run([*arguments, "--owners", str(company.owners), "--format", f"json={made}.json", "--fail-on", "never"])
    yield made


@pytest.fixture(scope="module")
def rows(store: Path) -> list[dict[str, str]]:
    target = store.with_suffix(".csv")
    assert run(["export", "--focus", str(target), "--db", str(store)]) == 0
    with target.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_focus_when_exported_then_api_spend_is_the_report_s_to_the_cent(
    rows: list[dict[str, str]], store: Path
) -> None:
    made = store.with_suffix(".attribution.json")
    run(["report", "attribution", "--db", str(store), "--format", f"json={made}"])
    figures = json.loads(made.read_text("utf-8"))

    quarter = [row for row in rows if "2026-07" <= row["ChargePeriodStart"] < "2026-10" and row["x_Kind"] == "api"]

    assert sum(Decimal(row["EffectiveCost"]) for row in quarter) == Decimal(figures["total_api_spend"])
    by_team = {row["team"]: Decimal(row["api_spend"]) for row in figures["by_team"]}
    for team, amount in by_team.items():
        assert sum(Decimal(row["EffectiveCost"]) for row in quarter if row["x_OwnerTeam"] == team) == amount


def test_focus_when_exported_then_every_row_keeps_the_standard(rows: list[dict[str, str]]) -> None:
    needed = (
        "BilledCost", "BillingAccountId", "BillingAccountType", "BillingCurrency", "ContractedCost", "EffectiveCost",
        "HostProviderName", "InvoiceIssuerName", "ListCost", "ServiceCategory", "ServiceName", "ServiceProviderName",
    )  # fmt: skip
    assert rows
    for row in rows:
        assert all(row[name] for name in needed)
        assert re.fullmatch("[A-Z]{3}", row["BillingCurrency"])
        assert row["ChargeCategory"] in ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
        assert row["ChargePeriodStart"] < row["ChargePeriodEnd"]
        assert row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["BillingPeriodEnd"]
        assert all(STAMP.fullmatch(value) for name, value in row.items() if name.endswith(("Start", "End")))
        assert bool(row["ConsumedQuantity"]) == bool(row["ConsumedUnit"])
        assert bool(row["SubAccountId"]) == bool(row["SubAccountType"])


def test_focus_when_columns_are_our_own_then_x_and_pascal_case(rows: list[dict[str, str]]) -> None:
    assert all(re.fullmatch("(x_)?[A-Z][A-Za-z]+", name) for name in rows[0])
    owners = {(row["SubAccountId"], row["x_OwnerTeam"], row["x_OwnerStatus"]) for row in rows}
    assert ("proj_k3", "search", "owned") in owners
    assert ("default", "unknown", "unowned") in owners


def test_focus_when_read_back_then_the_same_dollars(store: Path, rows: list[dict[str, str]], tmp_path: Path) -> None:
    again, answer = tmp_path / "again.duckdb", tmp_path / "sum.json"
    run(["scan", str(store.with_suffix(".csv")), "--db", str(again), "-q", "--format", f"json={tmp_path / 'a.json'}"])
    run(["sql", "select sum(effective_cost) from charge", "--db", str(again), "--format", f"json={answer}"])

    (((total,),),) = [section["rows"] for section in json.loads(answer.read_text("utf-8"))["sections"]]
    assert Decimal(total) == sum(Decimal(row["EffectiveCost"]) for row in rows)


def test_focus_when_exported_twice_then_the_same_bytes(store: Path, rows: list[dict[str, str]], tmp_path: Path) -> None:
    run(["export", "--focus", str(tmp_path / "b.csv"), "--db", str(store)])

    assert (tmp_path / "b.csv").read_bytes() == store.with_suffix(".csv").read_bytes()


@pytest.mark.parametrize("options", [[], ["--focus", "a.csv", "--to", "lake"], ["--focus", "no/such/a.csv"]])
def test_export_when_told_neither_both_or_no_folder_then_2(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["export", *options, "--db", str(store)]) == 2
    assert list(tmp_path.iterdir()) == []
