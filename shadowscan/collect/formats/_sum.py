"""Results added up, for formats whose records go into several tables."""

from shadowscan.collect.formats.interface import Normalised


def add_up(*found: Normalised) -> Normalised:
    """One result for all: rows and refusals added, the first sample, and the widest bounds."""
    tables: dict[str, int] = {}
    for one in found:
        for table, rows in one.tables.items():
            tables[table] = tables.get(table, 0) + rows
    return Normalised(
        tables,
        sum(one.rejected for one in found),
        next((one.reject_sample for one in found if one.reject_sample), ""),
        min((one.first_at for one in found if one.first_at), default=None),
        max((one.last_at for one in found if one.last_at), default=None),
    )
