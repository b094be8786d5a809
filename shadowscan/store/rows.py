"""Many rows made in Python, into a declared table at once."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.schema import load_tables

if TYPE_CHECKING:
    import pyarrow


def insert_rows(engine: DuckDBEngine, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert complete rows of a declared table and say how many; every column must be in every row."""
    import pyarrow as pa

    declared = load_tables()[table]
    listed = list(rows)
    if not listed:
        return 0
    arrays = [
        pa.array([row[column.name] for row in listed], type=_arrow_type(column.type)) for column in declared.columns
    ]
    engine.connection.from_arrow(pa.table(arrays, names=list(declared.column_names))).insert_into(table)
    return len(listed)


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
