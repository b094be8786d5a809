"""Numbered changes to tables that cannot be rebuilt. A fresh store and a migrated one are the same, held by a test."""

from collections.abc import Callable

from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import StoreError

Migration = Callable[[DuckDBEngine], None]

MIGRATIONS: tuple[Migration, ...] = ()


def migrate(engine: DuckDBEngine) -> None:
    """Bring the store to the newest version; raises `StoreError` when a newer shadowscan wrote it."""
    rows = engine.query("select value from setting where name = 'schema_version'").rows
    version = int(rows[0][0]) if rows else len(MIGRATIONS)
    if version > len(MIGRATIONS):
        raise StoreError("a newer shadowscan wrote this store", hint="update shadowscan, or use another --db")
    for step in MIGRATIONS[version:]:
        step(engine)
    engine.query("delete from setting where name = 'schema_version'")
    engine.query("insert into setting values ('schema_version', $version)", {"version": str(len(MIGRATIONS))})
