"""One writer, sealed while others' SQL runs, and a snapshot for readers."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from shadowscan.errors import StoreError, TargetError
from shadowscan.schema import load_tables
from shadowscan.store.connection import Store
from shadowscan.store.reader import open_reader, write_snapshot

HOLDER = """
import sys
from shadowscan.store.connection import Store
Store.open(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_open_when_another_process_writes_then_refused_with_its_pid(tmp_path: Path) -> None:
    path = str(tmp_path / "store.duckdb")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match=f"pid {writer.pid}"):
            Store.open(path)
        assert writer.stdin is not None
        writer.stdin.close()


def test_open_when_new_then_every_declared_table_is_there(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "store.duckdb")) as store:
        rows = store.query("select table_name from information_schema.tables").rows
    assert {row[0] for row in rows} == set(load_tables())


@pytest.mark.parametrize("statement", ["copy finding to 'leak.csv'", "attach 'other.db'", "set threads = 1"])
def test_seal_when_sql_reaches_outside_then_refused(tmp_path: Path, statement: str) -> None:
    with Store.open(str(tmp_path / "store.duckdb")) as store:
        store.seal()
        with pytest.raises(duckdb.Error):
            store.query(statement)


def test_transaction_when_it_raises_then_nothing_is_kept() -> None:
    with Store.open(":memory:") as store:
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.query("insert into setting values ('a', 'b')")
            raise ZeroDivisionError
        assert store.query("select count(*) from setting where name = 'a'").rows == [(0,)]


def test_open_reader_when_a_writer_holds_the_store_then_snapshot_answers(tmp_path: Path) -> None:
    path = str(tmp_path / "store.duckdb")
    with Store.open(path) as store:
        store.query("insert into run values ('r1', '2026-11-01', '2026-11-01 10:00', true, '{}')")
        write_snapshot(store)
        reader = open_reader(path)
        assert reader.as_of == "2026-11-01 10:00 UTC"
        assert reader.store.query("select run_id from run").rows == [("r1",)]
        reader.store.close()
    direct = open_reader(path)
    assert direct.as_of == ""
    direct.store.close()


def test_open_reader_when_there_is_no_store_then_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="scan TARGET"):
        open_reader(str(tmp_path / "none.duckdb"))
