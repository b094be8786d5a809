"""Every table and view, one file each: the only place where a column is declared."""

from functools import cache

from shadowscan.model.table import Table
from shadowscan.plugins import iter_modules


@cache
def load_tables() -> dict[str, Table]:
    """All declared tables by name, sorted by name."""
    return {module.TABLE.name: module.TABLE for module in iter_modules("shadowscan.schema")}


def tables_of(*kinds: str) -> tuple[Table, ...]:
    """The declared tables of these kinds, sorted by name."""
    return tuple(table for table in load_tables().values() if table.kind in kinds)
