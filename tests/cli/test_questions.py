"""Questions to a store, as typed: what is refused, and what a screen shows."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_exit_codes import FLOW


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in it."""
    made = tmp_path_factory.mktemp("acme")
    (made / "flow.log").write_text(FLOW)
    ask(made, "scan", "flow.log", "-q")
    return made


def ask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command line run there."""
    command = [sys.executable, "-m", "shadowscan", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("statement", ["", ";", "select 1; select 2"])
def test_sql_when_not_one_statement_then_refused(folder: Path, statement: str) -> None:
    done = ask(folder, "sql", statement)

    assert (done.returncode, "one statement" in done.stderr) == (2, True)


def test_sql_when_it_asks_for_a_file_then_refused(folder: Path) -> None:
    assert ask(folder, "sql", "select * from read_text('flow.log')").returncode == 2


def test_findings_when_select_is_unknown_then_refused(folder: Path) -> None:
    done = ask(folder, "findings", "list", "--select", "keyz.*")

    assert (done.returncode, "no rule is named 'keyz.*'" in done.stderr) == (2, True)


def test_findings_when_on_a_terminal_then_one_screen_wide(folder: Path) -> None:
    lines = ask(folder, "findings", "list").stdout.splitlines()

    assert any(line.startswith("severity  rule_id") for line in lines)
    assert not any(line.strip().startswith("to ,") for line in lines)


def test_report_when_period_and_since_then_refused(folder: Path) -> None:
    assert ask(folder, "report", "vendors", "--period", "2026-Q3", "--since", "2026-01-01").returncode == 2


def test_scan_when_since_is_after_until_then_refused(folder: Path) -> None:
    done = ask(folder, "scan", "flow.log", "--since", "2026-10-02", "--until", "2026-10-01")

    assert (done.returncode, "is not before" in done.stderr) == (2, True)


def test_scan_when_another_team_is_asked_for_then_its_findings_decide(folder: Path) -> None:
    mine = ask(folder, "scan", "flow.log", "-q", "--fail-on", "low")
    other = ask(folder, "scan", "flow.log", "-q", "--fail-on", "low", "--team", "nobody")

    assert (mine.returncode, other.returncode) == (1, 0)


def test_scan_when_what_has_no_team_is_asked_for_then_it_decides(folder: Path) -> None:
    done = ask(folder, "scan", "flow.log", "-q", "--fail-on", "low", "--team", "unowned", "--group-by", "team")

    assert (done.returncode, "no team (unowned)" in done.stdout) == (1, True)


def test_run_when_no_source_is_configured_then_said_so(folder: Path) -> None:
    done = ask(folder, "run", "-q")

    assert (done.returncode, "shadowscan.toml" in done.stderr) == (2, True)


def test_triage_when_disputed_with_a_team_then_the_next_run_has_that_owner(tmp_path: Path) -> None:
    (tmp_path / "flow.log").write_text(FLOW)
    (tmp_path / "owners.yaml").write_text("teams: [search, growth]  # all of us\n")
    [finding] = findings_of(tmp_path)

    done = ask(tmp_path, "findings", "triage", finding["fingerprint"], "--disputed", "--team", "search", "--by", "sam")

    [after] = findings_of(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "owners.yaml").read_text().startswith("teams: [search, growth]  # all of us\n")
    assert (after["owner"]["team"], after["owner"]["confidence"], after["owner"]["decided_by"]) == (
        "search", 1.0, "owners_yaml",
    )  # fmt: skip
    assert (after["triage"]["status"], after["triage"]["by"]) == ("disputed", "sam")


@pytest.mark.parametrize("decided", [[], ["accepted", "--disputed"], ["accepted", "--team", "search"]])
def test_triage_when_nothing_or_two_things_are_decided_then_refused(folder: Path, decided: list[str]) -> None:
    assert ask(folder, "findings", "triage", "ab12", *decided).returncode == 2


def findings_of(folder: Path) -> list[dict[str, Any]]:
    ask(folder, "scan", "flow.log", "-q", "--format", "json=audit.json")
    found = json.loads((folder / "audit.json").read_text())["findings"]
    return [finding for finding in found if finding["rule_id"] == "egress.unapproved-vendor"]
