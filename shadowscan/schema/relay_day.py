"""Table `relay_day`: one row is what a host that calls LLM vendors exchanged with the outside on one UTC day."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="relay_day",
    kind="rollup",
    grain="what a host that calls LLM vendors exchanged with the outside on one UTC day, vendors included",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
        Column("subject_id", "VARCHAR", "The host.", "470100000011/vpc-0a/10.1.2.3"),
        Column("external_bytes", "BIGINT", "Bytes with addresses that are not private, both ways.", "90000", "0"),
        Column("external_remotes", "BIGINT", "About how many such addresses.", "3", "0"),
    ),
    daily=True,
)
