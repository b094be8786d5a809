"""Table `evidence_sample`: one row is one sample record behind a roll-up row."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="evidence_sample",
    kind="dimension",
    grain="one sample record behind a roll-up row",
    columns=(
        Column("evidence_ref", "VARCHAR", "Key that view rows carry.", "egress/3f2a"),
        Column("day", "DATE", "UTC day it belongs to; null where the view has no days.", "2026-10-02", nullable=True),
        Column("ordinal", "INTEGER", "Order, best first.", "1"),
        Column(
            "kind",
            "VARCHAR",
            "flow, call, dns_answer, dns_query, charge, repo_hit, range, competing_name, policy.",
            "flow",
        ),
        Column("detail", "VARCHAR", "One sentence.", "10.1.2.3 sent 5840 bytes to 203.0.113.10:443"),
        Column("source_id", "BIGINT", "Ledger id; 0 where it is not a collected object.", "17", "0"),
        Column("source", "VARCHAR", "Format id or file.", "aws_vpc_flow"),
        Column("object", "VARCHAR", "Address of the object.", "s3://…"),
        Column("line", "BIGINT", "Line, 0 where none.", "42", "0"),
        Column(
            "record", "VARCHAR", "Short form of the record.", "2026-10-02T08:00:00Z 10.1.2.3 > 203.0.113.10:443", "''"
        ),
        Column("digest", "VARCHAR", "Digest of the object.", "9f2c…", "''"),
    ),
)
