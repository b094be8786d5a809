"""Reading beside a writer: each completed run leaves a small snapshot that readers use while the store is held."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from shadowscan.engines.duckdb import DuckDBEngine, Limits
from shadowscan.errors import TargetError
from shadowscan.schema import tables_of
from shadowscan.store.connection import Store
from shadowscan.store.reshape import differing

SNAPSHOT_KINDS = ("dimension", "view", "history", "ledger", "policy")


@dataclass(frozen=True, slots=True)
class Reader:
    """A read-only store. `as_of` is the end of the run the snapshot shows, empty when the store itself is read."""

    store: Store
    as_of: str


def open_reader(path: str, limits: Limits | None = None) -> Reader:
    """Open for reading, sealed: the store itself when nobody writes, else the last snapshot.

    Raises `TargetError` when there is neither.
    """
    bounds = limits or Limits()
    snapshot = Path(snapshot_path(path))
    if _is_held(path):
        if not snapshot.exists():
            raise TargetError(f"{path} is being written and has no snapshot yet", hint="wait for the first run to end")
        store = _open(str(snapshot), bounds)
        rows = store.query("select max(finished_at) from run").rows
        return Reader(store, f"{rows[0][0]:%Y-%m-%d %H:%M} UTC" if rows[0][0] else "an unfinished run")
    if not Path(path).exists():
        raise TargetError(f"there is no store at {path}", hint="run `shadowscan scan TARGET` first, or pass --db FILE")
    return Reader(_open(path, bounds), "")


def write_snapshot(store: Store) -> None:
    """Replace the snapshot atomically: findings, dimensions, roll-ups, ledger and policy, but no bulk rows."""
    final = Path(snapshot_path(store.path))
    fresh = final.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    connection = store.engine.connection
    connection.execute(f"attach '{str(fresh).replace(chr(39), chr(39) * 2)}' as snapshot")
    try:
        for table in tables_of(*SNAPSHOT_KINDS):
            connection.execute(f'create table snapshot."{table.name}" as from "{table.name}"')
        connection.execute("checkpoint snapshot")
    finally:
        connection.execute("detach snapshot")
    fresh.replace(final)


def snapshot_path(path: str) -> str:
    """Where the snapshot of the store at `path` lies."""
    return f"{path}.snapshot"


def _open(path: str, limits: Limits) -> Store:
    bounds = Limits(limits.memory_mb, limits.threads, f"{path}.tmp")
    store = Store(path, limits, DuckDBEngine(path, bounds, read_only=True, sealed=True))
    if differing(store.engine, tables_of(*SNAPSHOT_KINDS)):
        store.close()
        raise TargetError(
            f"another version wrote {path}", hint="run `shadowscan detect` once, which brings it up to date"
        )
    return store


def _is_held(path: str) -> bool:
    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
