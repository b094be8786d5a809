"""Reading one inventory text or sample into `asset`, for the tests of its formats."""

from pathlib import Path
from typing import Any

from shadowscan.collect.formats.interface import Format, Head, LocalObject, Normalised
from shadowscan.store.connection import MEMORY, Store

SAMPLES = Path(__file__).parents[2] / "samples"


def read_assets(
    form: Format, path: Path, options: dict[str, str] | None = None
) -> tuple[list[dict[str, Any]], Normalised]:
    """Every row of `asset` that the file gives, in the order of its records, and what the format says of it."""
    with Store.open(MEMORY) as store:
        item = LocalObject(1, path.name, str(path), Head(path.name, path.read_bytes()), options=options or {})
        result = form.normalise(store.engine, [item])[1]
        return store.query("select * from asset order by line, asset_id, cidr, address").dicts(), result


def read_text(form: Format, folder: Path, text: str, **options: str) -> tuple[list[dict[str, Any]], Normalised]:
    """The same of a text."""
    path = folder / "inventory"
    path.write_text(text, encoding="utf-8")
    return read_assets(form, path, options)
