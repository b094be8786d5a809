"""A store that another version wrote, brought to the tables as they are declared now.

Columns that both know keep their values, new ones get the value of absence, and everything that enrichment makes is
made anew at its next run. The finding tables are left to `migrations`, since nothing could make them again.
"""

from collections import defaultdict
from collections.abc import Iterable

import duckdb

from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import StoreError
from shadowscan.model.table import Table
from shadowscan.schema import load_tables

Shape = tuple[tuple[str, str], ...]
MADE = ("dimension", "rollup", "view", "policy")  # what enrichment makes again
OLD = "{name}__old"

_SHAPES = """
    select table_name, column_name, data_type
    from duckdb_columns()
    where schema_name = 'main' and not internal and database_name = current_database()
    order by table_name, column_index
"""


def differing(engine: DuckDBEngine, tables: Iterable[Table]) -> list[Table]:
    """Those of these tables that are not there, or with other columns than declared."""
    shapes = _shapes(engine)
    return [table for table in tables if shapes.get(table.name) != _declared(table)]


def reshape(engine: DuckDBEngine) -> None:
    """Bring every table to its declared columns, inside the caller's transaction; all of them are there.

    Raises `StoreError` where evidence lacks a column that nothing can stand for.
    """
    tables = [table for table in differing(engine, load_tables().values()) if table.kind != "history"]
    for table in tables:
        _remake(engine, table, dict(_shapes(engine)[table.name]))
    if tables:  # no roll-up may count as up to date
        engine.query("delete from setting where name <> 'schema_version'")


def _remake(engine: DuckDBEngine, table: Table, had: dict[str, str]) -> None:
    missing = [c.name for c in table.columns if c.name not in had and not c.default and not c.nullable]
    if missing and table.kind not in MADE:
        raise StoreError(
            f"another version wrote this store: its table {table.name} has no {', '.join(missing)}",
            hint="collect again into a new --db, or use the version that wrote it",
        )
    kept = ", ".join(f'"{name}"' for name in table.column_names if name in had)
    old = OLD.format(name=table.name)
    try:
        engine.query(f'alter table "{table.name}" rename to "{old}"')
        engine.query(table.ddl())
        if not missing:
            engine.query(f'insert into "{table.name}" ({kept}) select {kept} from "{old}"')  # noqa: S608 - declared names
        engine.query(f'drop table "{old}"')
    except duckdb.Error as error:
        raise StoreError(
            f"another version wrote this store, and its table {table.name} cannot be brought to this one's: {error}",
            hint="collect again into a new --db, or use the version that wrote it",
        ) from error


def _shapes(engine: DuckDBEngine) -> dict[str, Shape]:
    shapes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, column, data_type in engine.query(_SHAPES).rows:
        shapes[table].append((column, data_type))
    return {name: tuple(columns) for name, columns in shapes.items()}


def _declared(table: Table) -> Shape:
    return tuple((column.name, column.type.replace(", ", ",")) for column in table.columns)
