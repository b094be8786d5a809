"""Table `relay_peer`: one row is one internal client of a host that calls LLM vendors, on one port and UTC day."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="relay_peer",
    kind="rollup",
    grain="one internal client of a host that calls LLM vendors, on one port and UTC day",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
        Column("subject_id", "VARCHAR", "The host.", "470100000011/vpc-0a/10.1.2.3"),
        Column("account_id", "VARCHAR", "Cloud account of the host.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network of the host.", "vpc-0a", "'unknown'"),
        Column("port", "INTEGER", "Port the host listens on.", "4000"),
        Column("peer", "VARCHAR", "The client's address; behind a load balancer that client's own.", "10.1.9.9"),
        Column("flow_count", "BIGINT", "Flow records.", "12", "0"),
        Column("bytes_in", "BIGINT", "Bytes client to host.", "5840", "0"),
        Column("bytes_out", "BIGINT", "Bytes host to client.", "88000", "0"),
        Column("source_id", "BIGINT", "Ledger id of the object of one of the records.", "17"),
        Column("line", "BIGINT", "Line of that record.", "42", "0"),
        Column("started_at", "TIMESTAMP", "Start of the first record, UTC.", "2026-10-02 08:00:00"),
    ),
    daily=True,
)
