"""Table `finding_event`: one row is one change of a finding's state."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="finding_event",
    kind="history",
    grain="one change of a finding's state",
    columns=(
        Column("fingerprint", "VARCHAR", "Identity.", "9f2c…"),
        Column("run_id", "VARCHAR", "Run.", "r2"),
        Column("at", "TIMESTAMP", "When, UTC.", "2026-11-01 00:00:00"),
        Column("state", "VARCHAR", "State it took.", "new"),
        Column("detail", "VARCHAR", "In words.", "", "''"),
    ),
)
