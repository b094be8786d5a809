"""Looking after the store: what is in it, forgetting a target, giving space back, copying it."""

from collections.abc import Iterator
from pathlib import Path

from shadowscan.engines.duckdb import Limits
from shadowscan.errors import TargetError, UsageError
from shadowscan.schema import load_tables, tables_of
from shadowscan.store.connection import MEMORY, Store
from shadowscan.store.ledger import forget_objects


def describe(store: Store) -> Iterator[str]:
    """Lines for people: size, objects by format, rows by table."""
    if store.path != MEMORY:
        yield f"{store.path}  {Path(store.path).stat().st_size:,} bytes"
    by_format = store.query(
        """
        select format, count(*), min(first_at), max(last_at)
        from source_object
        group by format
        order by format
        """
    ).rows
    for name, count, first, last in by_format:
        yield f"  {count:>8,} objects  {name}  {_day(first)} to {_day(last)}"
    for table in tables_of("base", "view", "history"):
        count = store.query(f'select count(*) from "{table.name}"').rows[0][0]  # noqa: S608 - a declared name
        if count:
            yield f"  {count:>8,} rows     {table.name}"


def forget_target(store: Store, target: str) -> tuple[int, int]:
    """Delete every object and row of `target`; gives (objects, rows).

    Raises `TargetError` when nothing came from it.
    """
    where = "select source_id from source_object where target = $target or object = $target"
    ids = [row[0] for row in store.query(where, {"target": target}).rows]
    if not ids:
        raise TargetError(f"nothing in the store came from {target}", hint="`shadowscan store info` lists what did")
    held = "select coalesce(sum(n), 0) from (select count(*) as n from {} where list_contains($ids, source_id))"
    rows = sum(int(store.query(held.format(table.name), {"ids": ids}).rows[0][0]) for table in tables_of("base"))
    forget_objects(store, ids)
    store.query("delete from evidence_source where list_contains($ids, source_id)", {"ids": ids})
    for table in ("git_object", "git_known"):
        store.query(f"delete from {table} where repo = $target", {"target": target})  # noqa: S608 - ours
    return len(ids), rows


def compact_store(path: str) -> tuple[int, int]:
    """Rewrite the store file; gives its size before and after, in bytes."""
    fresh = f"{path}.compact"
    backup_store(path, fresh)
    before = Path(path).stat().st_size
    Path(fresh).replace(path)
    return before, Path(path).stat().st_size


def backup_store(path: str, copy: str) -> None:
    """Copy the whole store to a new file; raises `UsageError` when that exists, `TargetError` without a store."""
    if path == MEMORY or not Path(path).exists():
        raise TargetError(f"there is no store at {path}", hint="pass --db FILE")
    if Path(copy).exists():
        raise UsageError(f"{copy} exists", hint="name a new file")
    with Store.open(path, Limits()) as source, Store.open(copy, Limits()) as target:
        target.close()
        connection = source.engine.connection
        connection.execute(f"attach '{copy.replace(chr(39), chr(39) * 2)}' as copy")
        for table in load_tables().values():
            connection.execute(f'delete from copy."{table.name}"')  # noqa: S608 - a declared name
            connection.execute(f'insert into copy."{table.name}" from "{table.name}"')
        connection.execute("detach copy")
    Path(f"{copy}.lock").unlink(missing_ok=True)


def _day(moment: object) -> str:
    return str(moment)[:10] if moment else "unknown"
