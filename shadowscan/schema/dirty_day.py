"""Table `dirty_day`: one row is one UTC day whose roll-ups must be made again."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="dirty_day",
    kind="ledger",
    grain="one UTC day whose roll-ups must be made again",
    columns=(Column("day", "DATE", "The day.", "2026-10-02"),),
    primary_key=("day",),
)
