"""Table `dns_query`: one row is one question asked of a resolver."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="dns_query",
    kind="base",
    grain="one question asked of a resolver",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("queried_at", "TIMESTAMP", "When it was asked, UTC.", "2026-10-02 08:00:00"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("region", "VARCHAR", "Cloud region of the resolver.", "us-east-1", "'unknown'"),
        Column("client_ip", "VARCHAR", "Who asked: the workload, or a forwarding resolver.", "10.1.2.3", "'unknown'"),
        Column("instance_id", "VARCHAR", "Instance that asked.", "i-0d", "'unknown'"),
        Column("resolver_id", "VARCHAR", "Resolver endpoint that forwarded it.", "rslvr-in-0e", "'unknown'"),
        Column("qname", "VARCHAR", "Name asked for, lower case, no final dot.", "api.openai.com"),
        Column("qtype", "VARCHAR", "Record type.", "A", "'A'"),
        Column("rcode", "VARCHAR", "Answer code.", "NOERROR", "'NOERROR'"),
        Column("action", "VARCHAR", "allow, block or alert (DNS firewall).", "allow", "'allow'"),
        Column(
            "cname_chain",
            "VARCHAR",
            "CNAME targets in order, joined by ' > '; empty where none.",
            "api.openai.com.cdn.example",
            "''",
        ),
        Column("answer_count", "INTEGER", "Addresses in the answer.", "2", "0"),
    ),
)
