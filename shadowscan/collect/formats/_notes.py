"""Coverage notes that a format wrote for its objects, counted for its result."""

from collections.abc import Sequence
from dataclasses import replace

from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

COUNT = """
select source_id, count(*)
from coverage_note
where list_contains($source_ids, source_id)
group by source_id
"""


def count_notes(engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, int]:
    """How many notes each object has, by `source_id`; those without are left out."""
    return dict(engine.query(COUNT, {"source_ids": [item.source_id for item in items]}).rows)


def with_notes(found: Normalised, notes: int) -> Normalised:
    """The result with its notes as rows."""
    return replace(found, tables=found.tables | {"coverage_note": notes}) if notes else found
