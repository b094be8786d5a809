"""Reading one text or sample into `owner_claim`, for the tests of its formats."""

from pathlib import Path
from typing import Any

from shadowscan.collect.formats.interface import Format, Head, LocalObject, Normalised
from shadowscan.store.connection import MEMORY, Store

SAMPLES = Path(__file__).parents[2] / "samples"


def read_claims(form: Format, path: Path, scope: str = "") -> tuple[list[dict[str, Any]], Normalised]:
    """Every row of `owner_claim` that the file gives, in order, and what the format says of it."""
    with Store.open(MEMORY) as store:
        item = LocalObject(1, path.name, str(path), Head(path.name, path.read_bytes()), scope)
        result = form.normalise(store.engine, [item])[1]
        return store.query("select * from owner_claim order by line, ordinal, key, value").dicts(), result


def read_claim_text(form: Format, folder: Path, text: str, scope: str = "") -> tuple[list[dict[str, Any]], Normalised]:
    """The same of a text."""
    path = folder / "claims"
    path.write_text(text, encoding="utf-8")
    return read_claims(form, path, scope)
