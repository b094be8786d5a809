"""kill -9 at named points, then run again: the same rows. Random kills are no test, so the child kills itself."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.collect.conftest import flow_log, record, write_gzip

# argv: store, logs, point, "safe" or "bare" (the transaction taken away), marker file: the kill happens once.
CHILD = """
import contextlib, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import shadowscan.collect.batch as batch
from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.model.window import Window
from shadowscan.store.connection import Store

path, logs, point, mode, marker = sys.argv[1:]

def die(here):
    if here == point and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)

batch.BATCH_OBJECTS = 10
write_entries, mark_days = batch.write_entries, batch.mark_days

def dying_write(store, entries):
    die("between rows and ledger")
    write_entries(store, entries)

def dying_mark(store, ids):
    mark_days(store, ids)
    die("before commit")

batch.write_entries, batch.mark_days = dying_write, dying_mark
with Store.open(path) as store:
    if mode == "bare":
        store.transaction = contextlib.nullcontext
    collect(store, plan_targets([logs]).targets, CollectOptions("r1", Window(), datetime.now(UTC)))
    die("after commit")
"""


def run_until_done(folder: Path, point: str, mode: str) -> tuple[int, int, int]:
    """Collect 12 files (two batches), restarting after the kill; gives kills, rows and bytes."""
    logs = folder / "logs"
    logs.mkdir()
    for number in range(12):
        write_gzip(logs / f"{number:02}.log.gz", flow_log(*[record(size=number + 1)] * 50))
    arguments = [str(folder / "s.duckdb"), str(logs), point, mode, str(folder / "killed")]
    kills = 0
    while (code := subprocess.run([sys.executable, "-c", CHILD, *arguments], check=False).returncode) != 0:
        assert code == -9
        kills += 1
    with duckdb.connect(str(folder / "s.duckdb")) as connection:
        found = connection.execute("select count(*), sum(bytes)::bigint from flow").fetchall()
    return kills, found[0][0], found[0][1]


@pytest.mark.parametrize("point", ["between rows and ledger", "before commit", "after commit"])
def test_collect_when_killed_then_nothing_lost_and_nothing_twice(tmp_path: Path, point: str) -> None:
    assert run_until_done(tmp_path, point, "safe") == (1, 600, 50 * sum(range(1, 13)))


def test_collect_when_killed_without_the_transaction_then_rows_double(tmp_path: Path) -> None:
    kills, rows, _ = run_until_done(tmp_path, "between rows and ledger", "bare")

    assert kills == 1
    assert rows > 600
