"""The Python API gives frames that an analyst can take away."""

from pathlib import Path

import pytest

import shadowscan
from shadowscan.cli import run
from shadowscan.errors import TargetError

FLOW = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
    " log-status\n"
    "2 470100000011 eni-1 10.0.1.5 160.79.104.10 49152 443 6 12 5840 1785542400 1785542458 ACCEPT OK\n"
)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.log").write_text(FLOW)
    run(["scan", "flow.log", "-q", "--db", "store.duckdb", "--format", "json"])
    capfd.readouterr()
    return "store.duckdb"


def test_open_when_a_run_completed_then_findings_reports_and_sql_are_frames(path: str) -> None:
    with shadowscan.open(path) as store:
        findings = store.findings()
        assert "egress.unapproved-vendor" in set(findings["rule_id"])
        assert store.sql("select sum(bytes_out) as sent from llm_egress")["sent"].tolist() == [5840]
        assert list(store.report("vendors")["Inventory"]["vendor_id"]) == ["anthropic"]


def test_open_when_there_is_no_store_then_says_so(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="no store"):
        shadowscan.open(str(tmp_path / "none.duckdb"))
