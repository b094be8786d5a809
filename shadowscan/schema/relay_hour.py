"""Table `relay_hour`: one row is one hour's bytes of a host that calls LLM vendors, on one port."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="relay_hour",
    kind="rollup",
    grain="one hour's bytes of a host that calls LLM vendors: with its clients on one port, or with the vendors (port 0)",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
        Column("hour", "TIMESTAMP", "Start of the hour, UTC.", "2026-10-02 08:00:00"),
        Column("subject_id", "VARCHAR", "The host.", "470100000011/vpc-0a/10.1.2.3"),
        Column("port", "INTEGER", "Port the host listens on; 0 for its own traffic with vendors.", "4000"),
        Column("asked_bytes", "BIGINT", "Bytes of the questions: clients to host, or host to vendors.", "5840", "0"),
        Column("told_bytes", "BIGINT", "Bytes of the answers: host to clients, or vendors to host.", "88000", "0"),
    ),
    daily=True,
)
