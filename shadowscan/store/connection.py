"""Opening the store: one file, one writer, every table of `schema/` in it."""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from shadowscan.engines.duckdb import DuckDBEngine, Limits
from shadowscan.engines.interface import Rows
from shadowscan.errors import StoreError
from shadowscan.schema import load_tables
from shadowscan.store.migrations import migrate
from shadowscan.store.reshape import reshape

MEMORY = ":memory:"


@dataclass
class Store:
    """An open store. `engine.connection` is the DuckDB connection; `path` is `:memory:` for a throw-away one."""

    path: str
    limits: Limits
    engine: DuckDBEngine
    _lock: int | None = None

    @classmethod
    def open(cls, path: str, limits: Limits | None = None) -> "Store":
        """Open or create the store for writing; raises `StoreError` naming the process that holds it."""
        bounds = limits or Limits()
        lock = None if path == MEMORY else _acquire(path)
        try:
            engine = DuckDBEngine(path, _with_temp(bounds, path))
            store = cls(path, bounds, engine, lock)
            with store.transaction():
                create_tables(store)
                migrate(engine)
                reshape(engine)
        except BaseException:
            _release(lock)
            raise
        return store

    def query(self, sql: str, parameters: Mapping[str, object] | list[object] | None = None) -> Rows:
        return self.engine.query(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Never catch an error inside: DuckDB would commit nothing and say nothing."""
        self.engine.connection.execute("begin transaction")
        try:
            yield
        except BaseException:
            self.engine.connection.execute("rollback")
            raise
        self.engine.connection.execute("commit")

    def seal(self) -> None:
        """Reopen without external access, so that rules, reports and `sql` can reach nothing but the store."""
        if self.path == MEMORY:
            self.engine.seal()
            return
        self.engine.close()
        self.engine = DuckDBEngine(self.path, _with_temp(self.limits, self.path), sealed=True)

    def unseal(self) -> None:
        """Reopen with external access, for the snapshot; nothing but our own SQL runs after it."""
        if self.path != MEMORY:
            self.engine.close()
            self.engine = DuckDBEngine(self.path, _with_temp(self.limits, self.path))

    def close(self) -> None:
        self.engine.close()
        _release(self._lock)
        self._lock = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def create_tables(store: Store) -> None:
    """Create every declared table that is missing."""
    for table in load_tables().values():
        store.engine.connection.execute(table.ddl())


def _with_temp(limits: Limits, path: str) -> Limits:
    folder = "" if path == MEMORY else f"{path}.tmp"
    return Limits(limits.memory_mb, limits.threads, folder)


def _acquire(path: str) -> int:
    folder = Path(path).resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if folder.name == ".shadowscan" and not ignore.exists():
        ignore.write_text("*\n")
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        raise StoreError(
            f"another shadowscan process (pid {holder}) is writing {path}",
            hint="wait for it; `report`, `findings` and `sql` read the last snapshot meanwhile",
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def _release(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
