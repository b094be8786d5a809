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
        Column("started_at", "TIMESTAMP", "Start of the connection or request, UTC.", "2026-10-02 08:00:00"),
        Column("ended_at", "TIMESTAMP", "End, UTC; the start where the log has none.", "2026-10-02 08:00:04"),
        Column("sensor", "VARCHAR", "firewall, proxy, mesh, zeek, suricata or hubble.", "firewall", "'unknown'"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("region", "VARCHAR", "Cloud region of the sensor.", "us-east-1", "'unknown'"),
        Column("instance_id", "VARCHAR", "Instance of the client, where the log names it.", "i-0d", "'unknown'"),
        Column(
            "workload",
            "VARCHAR",
            "Workload the log itself names (pod, service, proxy user's group).",
            "k8s/prod/ranker",
            "'unknown'",
        ),
        Column("client_ip", "VARCHAR", "Client address, canonical text.", "10.1.2.3"),
        Column("client_port", "INTEGER", "Client port; 0 where the log has none.", "49152", "0"),
        Column("remote_ip", "VARCHAR", "Server address, canonical text.", "203.0.113.10", "'unknown'"),
        Column("remote_port", "INTEGER", "Server port.", "443", "443"),
        Column(
            "ip_version", "TINYINT", "4 or 6, of the server address; of the client's where that is unknown.", "4", "4"
        ),
        Column("client_hi", "BIGINT", "Upper half of the client address, as in flow.", "0", "0"),
        Column("client_lo", "BIGINT", "Lower half of the client address, as in flow.", "167772165", "0"),
        Column("remote_hi", "BIGINT", "Upper half of the server address, as in flow.", "0", "0"),
        Column(
            "remote_lo", "BIGINT", "Lower half of the server address, as in flow; 0 where unknown.", "167772165", "0"
        ),
        Column("protocol", "INTEGER", "IANA protocol number: 6, or 17 for QUIC.", "6", "6"),
        Column(
            "connection_id",
            "VARCHAR",
            "The sensor's own id of the connection (Zeek uid, Suricata flow_id), scoped by sensor.",
            "CHhAvVGS1DHFjwGM9",
            "'unknown'",
        ),
        Column(
            "named_by",
            "VARCHAR",
            "Where the host was read: sni, http_host, connect (proxy CONNECT or URL) or certificate.",
            "sni",
            "'sni'",
        ),
        Column("host", "VARCHAR", "That host, lower case, no final dot, no port.", "api.openai.com"),
        Column("path", "VARCHAR", "Shortened URL path, no query string.", "/v1/responses", "''"),
        Column("action", "VARCHAR", "accept or reject.", "accept", "'accept'"),
        Column("bytes_out", "BIGINT", "Bytes client to server; 0 where the log has none.", "1200", "0"),
        Column("bytes_in", "BIGINT", "Bytes server to client; 0 where the log has none.", "88000", "0"),
    ),
)
