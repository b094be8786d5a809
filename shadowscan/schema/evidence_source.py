"""Table `evidence_source`: one row is one object that a roll-up row rests on."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="evidence_source",
    kind="dimension",
    grain="one object that a roll-up row rests on",
    columns=(
        Column("evidence_ref", "VARCHAR", "Key that view rows carry.", "egress/3f2a"),
        Column("day", "DATE", "UTC day it belongs to; null where the view has no days.", "2026-10-02", nullable=True),
        Column("source_id", "BIGINT", "Ledger id.", "17"),
    ),
)
