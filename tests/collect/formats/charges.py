"""Reading one billing file into a real store, for the tests of billing formats."""

from datetime import datetime
from pathlib import Path
from typing import Any

from shadowscan.collect.formats.interface import HEAD_BYTES, Format, Head, LocalObject, Normalised
from shadowscan.store.connection import MEMORY, Store


def read_charges(
    unit: Format,
    path: Path,
    *columns: str,
    options: dict[str, str] | None = None,
    name: str = "",
    observed_at: datetime | None = None,
) -> tuple[Normalised, list[tuple[Any, ...]]]:
    """What the format made of the file, and those columns of its charges in line order."""
    item = LocalObject(7, name or path.name, str(path), head_of(path), observed_at=observed_at, options=options or {})
    with Store.open(MEMORY) as store:
        with store.transaction():
            result = unit.normalise(store.engine, [item])[7]
        rows = store.query(f"select {', '.join(columns)} from charge order by line").rows
    return result, rows


def head_of(path: Path) -> Head:
    """The head as recognition gets it, decompressed where the file is."""
    import gzip

    data = path.read_bytes()
    return Head(path.name, (gzip.decompress(data) if path.suffix == ".gz" else data)[:HEAD_BYTES])
