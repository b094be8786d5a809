"""Looking after the store, on a store that a real scan filled."""

from pathlib import Path

import pytest

from shadowscan.cli import run
from shadowscan.errors import TargetError, UsageError
from shadowscan.store.connection import Store
from shadowscan.store.upkeep import backup_store, compact_store, describe, forget_target

FLOW = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
    " log-status\n"
    "2 470100000011 eni-1 10.0.1.5 160.79.104.10 49152 443 6 12 5840 1785542400 1785542458 ACCEPT OK\n"
)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.log").write_text(FLOW)
    assert run(["scan", "flow.log", "-q", "--db", "store.duckdb", "--format", "json"]) == 0
    capfd.readouterr()
    return "store.duckdb"


def test_forget_target_when_it_was_scanned_then_its_rows_are_gone_and_the_day_is_dirty(path: str) -> None:
    with Store.open(path) as store:
        assert forget_target(store, "flow.log") == (1, 1)
        assert store.query("select count(*) from flow").rows == [(0,)]
        assert store.query("select count(*) > 0 from dirty_day").rows == [(True,)]


def test_forget_target_when_nothing_came_from_it_then_says_so(path: str) -> None:
    with Store.open(path) as store, pytest.raises(TargetError, match=r"other\.log"):
        forget_target(store, "other.log")


def test_backup_store_when_copied_then_same_rows_and_never_over_a_file(path: str) -> None:
    backup_store(path, "copy.duckdb")
    with Store.open("copy.duckdb") as copy:
        assert copy.query("select count(*) from flow").rows == [(1,)]
        assert copy.query("select count(*) from finding").rows[0][0] > 0
    with pytest.raises(UsageError, match="exists"):
        backup_store(path, "copy.duckdb")


def test_compact_store_when_done_then_it_still_opens(path: str) -> None:
    before, after = compact_store(path)
    assert 0 < after <= before
    with Store.open(path) as store:
        assert any("aws_vpc_flow" in line for line in describe(store))
