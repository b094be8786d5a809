"""Many rows made in Python, into a declared table at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.schema import load_tables

if TYPE_CHECKING:
    import pyarrow


FEW = 5_000  # up to here lists cost what Arrow does, without half a second for pyarrow, numpy and pandas


def insert_rows(engine: DuckDBEngine, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert complete rows of a declared table and say how many; every column must be in every row."""
    types = {column.name: column.type for column in load_tables()[table].columns}
    return insert_tuples(engine, table, types, [tuple(row[name] for name in types) for row in rows])


def insert_tuples(engine: DuckDBEngine, table: str, types: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> int:
    """Insert rows given as tuples in the order of `types`, the table's own columns, and say how many."""
    if not rows:
        return 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    if len(rows) <= FEW:
        names = ", ".join(f'"{name}"' for name in types)
        values = ", ".join(f"unnest(?::{kind}[])" for kind in types.values())
        engine.query(f'insert into "{table}" ({names}) select {values}', columns)
        return len(rows)
    import pyarrow as pa

    arrays = [pa.array(column, type=_arrow_type(kind)) for column, kind in zip(columns, types.values(), strict=True)]
    engine.connection.from_arrow(pa.table(arrays, names=list(types))).insert_into(table)
    return len(rows)


def _arrow_type(declared: str) -> "pyarrow.DataType":
    import pyarrow as pa

    types = {
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "VARCHAR": pa.string(),
        "TIMESTAMP": pa.timestamp("us"),
        "DATE": pa.date32(),
        "BOOLEAN": pa.bool_(),
        "DOUBLE": pa.float64(),
    }
    return types[declared]
