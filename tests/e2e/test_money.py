"""Acme's money: every figure of the story comes out of bills that hold none of it, and ties to them to the cent."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shadowscan.cli import run
from shadowscan.demo.company import write_company


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    company = write_company(tmp_path_factory.mktemp("acme") / "acme")
    made = company.policy.parent
    arguments = ["scan", *map(str, company.targets), "--db", str(made / "s.duckdb"), "-q", "--fail-on", "never"]
    run(
        [
            *arguments,
            "--policy",
            str(company.policy),
            "--owners",
            str(company.owners),
            "--format",
            f"json={made}/a.json",
        ]
    )
    yield made


def report(folder: Path, name: str, period: str = "2026-Q3") -> dict[str, Any]:
    target = folder / f"{name}-{period}.json"
    arguments = ["--db", str(folder / "s.duckdb"), "--policy", str(folder / "policy.yaml"), "--period", period]
    assert run(["report", name, *arguments, "--format", f"json={target}"]) == 0
    document: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return document


def billed(folder: Path, quarter: tuple[str, str]) -> Decimal:
    """What the files say of that quarter, read by nobody but this test: vendors' export, cloud bill, LLM card rows."""
    (focus,), (cur,), (cards,) = (list(folder.rglob(name)) for name in ("focus-*.csv", "cur2-*.csv.gz", "cards-*.csv"))
    rows = [(row["ChargePeriodStart"], row["EffectiveCost"]) for row in csv.DictReader(io.StringIO(focus.read_text()))]
    cloud = csv.DictReader(io.StringIO(gzip.decompress(cur.read_bytes()).decode()))
    rows += [(row["line_item_usage_start_date"], row["line_item_unblended_cost"]) for row in cloud]
    paid = csv.DictReader(io.StringIO(cards.read_text()))
    rows += [(row["Transaction Date"], row["Amount"]) for row in paid if row["Merchant Name"] != "Cursor Coffee"]
    return sum((Decimal(amount) for day, amount in rows if quarter[0] <= day < quarter[1]), Decimal(0))


@pytest.mark.parametrize(
    ("period", "quarter"), [("2026-Q2", ("2026-04", "2026-07")), ("2026-Q3", ("2026-07", "2026-10"))]
)
def test_reconciliation_when_files_are_added_up_by_hand_then_the_same_to_the_cent(
    folder: Path, period: str, quarter: tuple[str, str]
) -> None:
    sources = report(folder, "reconcile", period)["reconciliation"]

    assert sum(Decimal(row["total"]) for row in sources) == billed(folder, quarter)
    for row in sources:
        assert Decimal(row["counted"]) + Decimal(row["superseded"]) == Decimal(row["total"])
    assert sum(Decimal(row["counted"]) for row in sources) == Decimal(
        report(folder, "attribution", period)["total_spend"]
    )


def test_story_when_derived_then_forty_percent_three_orphans_and_a_bridge_that_sums(folder: Path) -> None:
    figures = report(folder, "attribution")

    assert figures["growth_percent"] == 40.0
    assert len(figures["unattributed_accounts"]) == 3
    change = Decimal(figures["total_api_spend"]) - Decimal(figures["previous_total_api_spend"])
    assert sum(Decimal(step["change"]) for step in figures["bridge"]) == change
    assert report(folder, "adoption")["adoption"]["low"] == 14.0


def test_story_when_a_gateway_charge_is_gone_then_adoption_falls_with_it(folder: Path, tmp_path: Path) -> None:
    (focus,) = folder.rglob("focus-*.csv")
    kept = [line for line in focus.read_text("utf-8").splitlines(keepends=True) if "proj_gw" not in line]
    (tmp_path / "focus.csv").write_text("".join(kept), encoding="utf-8")
    store, policy = str(tmp_path / "s.duckdb"), str(folder / "policy.yaml")
    run(["scan", str(tmp_path / "focus.csv"), "--db", store, "-q", "--policy", policy, "--format",
         f"json={tmp_path / 'a.json'}", "--fail-on", "never"])  # fmt: skip

    run(["report", "adoption", "--db", store, "--policy", policy, "--format", f"json={tmp_path / 'r.json'}"])

    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["adoption"]["low"] == 0.0
