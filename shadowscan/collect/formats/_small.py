"""Small objects read whole in Python: ownership files and inventories, never bulk evidence."""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shadowscan.collect.formats.interface import LocalObject
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location
from shadowscan.schema import load_tables

if TYPE_CHECKING:
    import pyarrow

MAXIMUM_BYTES = 256_000_000


def read_object(item: LocalObject) -> str:
    """The object's text; raises `BadInputError` where it is too large, cut short or not UTF-8."""
    place = Location(item.name)
    try:
        with gzip.open(item.path) if item.path.endswith(".gz") else Path(item.path).open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInputError(
            f"the compressed file is damaged: {error}", hint="fetch it again", location=place
        ) from error
    if len(data) > MAXIMUM_BYTES:
        raise BadInputError(f"larger than {MAXIMUM_BYTES // 1_000_000} MB", hint="split the file", location=place)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInputError("not UTF-8 text", hint="save it as UTF-8", location=Location(item.name, line)) from error


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
        "VARCHAR": pa.string(),
        "TIMESTAMP": pa.timestamp("us"),
        "BOOLEAN": pa.bool_(),
        "DOUBLE": pa.float64(),
    }
    return types[declared]
