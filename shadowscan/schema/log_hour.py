"""Table `log_hour`: one row is one hour of one account's logs of one kind, in numbers."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="log_hour",
    kind="dimension",
    grain="one hour of one account's logs of one kind, in numbers",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
        Column("hour", "TIMESTAMP", "Start of the hour, UTC.", "2026-10-02 08:00:00"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("seen_in", "VARCHAR", "Table: flow, dns_query or tls_connection.", "flow"),
        Column("record_count", "BIGINT", "Records.", "1200", "0"),
        Column("bytes", "BIGINT", "Bytes of them.", "584000", "0"),
        Column("doh_count", "BIGINT", "Records to public resolvers known to answer over HTTPS.", "3", "0"),
        Column("dot_count", "BIGINT", "Records to port 853, DNS over TLS or QUIC.", "0", "0"),
        Column("quic_count", "BIGINT", "Records of UDP port 443.", "40", "0"),
        Column("ech_count", "BIGINT", "Connections that show an outer name only.", "1", "0"),
    ),
    daily=True,
)
