"""Table `dns_answer`: one row is one address answered to one question."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="dns_answer",
    kind="base",
    grain="one address answered to one question",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("answered_at", "TIMESTAMP", "When it was answered, UTC.", "2026-10-02 08:00:00"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("client_ip", "VARCHAR", "Who got the answer.", "10.1.2.3", "'unknown'"),
        Column("instance_id", "VARCHAR", "Instance that asked.", "i-0d", "'unknown'"),
        Column("qname", "VARCHAR", "Name asked for, lower case, no final dot.", "api.openai.com"),
        Column("ip", "VARCHAR", "Answered address, canonical text.", "203.0.113.10"),
        Column("ip_version", "TINYINT", "4 or 6.", "4", "4"),
        Column(
            "ip_hi",
            "BIGINT",
            "Upper half of the answered address: 0 for IPv4, the upper 64 bits minus 2^63 for IPv6.",
            "0",
            "0",
        ),
        Column(
            "ip_lo",
            "BIGINT",
            "Lower half of the answered address: the IPv4 number, or the lower 64 bits minus 2^63.",
            "167772165",
            "0",
        ),
        Column("ttl_seconds", "BIGINT", "Time to live in seconds; -1 where the log has none (Route 53).", "-1", "-1"),
    ),
)
