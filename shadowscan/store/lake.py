"""The store as plain Parquet, one folder a table: what other engines read."""

from collections.abc import Iterator
from pathlib import Path

from shadowscan.engines.duckdb import DuckDBEngine, Limits
from shadowscan.errors import TargetError, UsageError
from shadowscan.schema import tables_of


def write_lake(path: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Write every table with rows to `folder/TABLE/part-0.parquet`; gives (table, rows).

    Raises `UsageError` when the folder holds something already: a lake is never a mix of two exports.
    """
    if not Path(path).exists():
        raise TargetError(f"there is no store at {path}", hint="run `shadowscan scan TARGET` first, or pass --db FILE")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", hint="name a new folder")
    engine = DuckDBEngine(path, Limits(), read_only=True)
    try:
        for table in tables_of("base", "dimension", "view", "policy"):
            place = folder / table.name
            place.mkdir(parents=True)
            target = str(place / "part-0.parquet").replace("'", "''")
            rows = engine.query(f"copy \"{table.name}\" to '{target}' (format parquet, compression zstd)").rows
            yield table.name, int(rows[0][0])
    finally:
        engine.close()
