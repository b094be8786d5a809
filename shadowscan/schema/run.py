"""Table `run`: one row is one completed run."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="run",
    kind="history",
    grain="one completed run",
    columns=(
        Column("run_id", "VARCHAR", "Id.", "r1"),
        Column("started_at", "TIMESTAMP", "UTC.", "2026-11-01 00:00:00"),
        Column("finished_at", "TIMESTAMP", "UTC.", "2026-11-01 00:01:00"),
        Column("is_complete", "BOOLEAN", "Whether every source and rule was.", "true"),
        Column("document", "VARCHAR", "The audit document as JSON.", "{}"),
    ),
    primary_key=("run_id",),
)
