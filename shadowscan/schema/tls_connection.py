"""Table `tls_connection`: one row is one TLS server name, proxy or HTTP host observation."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="tls_connection",
    kind="base",
    grain="one TLS server name, proxy or HTTP host observation",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("started_at", "TIMESTAMP", "Start, UTC.", "2026-10-02 08:00:00"),
        Column("sensor", "VARCHAR", "firewall, proxy or zeek.", "firewall", "'unknown'"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("client_ip", "VARCHAR", "Client address.", "10.1.2.3"),
        Column("remote_ip", "VARCHAR", "Server address.", "203.0.113.10"),
        Column("remote_port", "INTEGER", "Server port.", "443", "443"),
        Column("host", "VARCHAR", "SNI or HTTP host, lower case.", "api.openai.com"),
        Column("path", "VARCHAR", "Shortened URL path, no query string.", "/v1/responses", "''"),
        Column("bytes_out", "BIGINT", "Bytes client to server.", "1200", "0"),
        Column("bytes_in", "BIGINT", "Bytes server to client.", "88000", "0"),
    ),
)
