"""Sources: one module each, found by folder. The path source takes what no other claims."""

from functools import cache

from shadowscan.collect.sources.interface import Source
from shadowscan.plugins import iter_modules

FALLBACK = "path"


@cache
def load_sources() -> dict[str, Source]:
    """All sources by id."""
    return {module.SOURCE.id: module.SOURCE for module in iter_modules("shadowscan.collect.sources")}


def find_source(source_id: str) -> Source:
    """The source of this id."""
    return load_sources()[source_id]


def source_of(text: str) -> str:
    """Id of the source that takes this target text."""
    claims = [source.id for source in load_sources().values() if source.id != FALLBACK and source.accepts(text)]
    return claims[0] if claims else FALLBACK
