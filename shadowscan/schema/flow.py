"""Table `flow`: one row is one flow record: one direction of one conversation during one aggregation interval."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="flow",
    kind="base",
    grain="one flow record: one direction of one conversation during one aggregation interval",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("started_at", "TIMESTAMP", "Start of the interval, UTC.", "2026-10-02 08:00:00"),
        Column("ended_at", "TIMESTAMP", "End of the interval, UTC.", "2026-10-02 08:01:00"),
        Column(
            "sensor",
            "VARCHAR",
            "What saw it: flow_log, transit_gateway, netflow, firewall, proxy, mesh, zeek, suricata or hubble.",
            "flow_log",
            "'flow_log'",
        ),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("subnet_id", "VARCHAR", "Subnet of the interface.", "subnet-0b", "'unknown'"),
        Column("interface_id", "VARCHAR", "Network interface that recorded the flow.", "eni-0c", "'unknown'"),
        Column("instance_id", "VARCHAR", "Instance of the interface.", "i-0d", "'unknown'"),
        Column("region", "VARCHAR", "Cloud region of the interface.", "us-east-1", "'unknown'"),
        Column("az", "VARCHAR", "Availability zone id.", "use1-az1", "'unknown'"),
        Column(
            "workload",
            "VARCHAR",
            "Workload named by the log itself (ECS service, pod), else unknown.",
            "ecs/prod/ranker",
            "'unknown'",
        ),
        Column(
            "client_ip", "VARCHAR", "Private, reporting side; packet-level address where the log has it.", "10.1.2.3"
        ),
        Column("client_port", "INTEGER", "Port of the client side.", "49152", "0"),
        Column("remote_ip", "VARCHAR", "Other side; packet-level address where the log has it.", "203.0.113.10"),
        Column("remote_port", "INTEGER", "Port of the remote side.", "443", "0"),
        Column(
            "interface_client_ip",
            "VARCHAR",
            "Interface-level address of the client side; differs from client_ip behind a NAT.",
            "10.1.2.3",
        ),
        Column("interface_remote_ip", "VARCHAR", "Interface-level address of the remote side.", "203.0.113.10"),
        Column("ip_version", "TINYINT", "4 or 6.", "4", "4"),
        Column(
            "client_hi",
            "BIGINT",
            "Upper half of the client address: 0 for IPv4, the upper 64 bits minus 2^63 for IPv6.",
            "0",
            "0",
        ),
        Column(
            "client_lo",
            "BIGINT",
            "Lower half of the client address: the IPv4 number, or the lower 64 bits minus 2^63.",
            "167772165",
            "0",
        ),
        Column(
            "remote_hi",
            "BIGINT",
            "Upper half of the remote address: 0 for IPv4, the upper 64 bits minus 2^63 for IPv6.",
            "0",
            "0",
        ),
        Column(
            "remote_lo",
            "BIGINT",
            "Lower half of the remote address: the IPv4 number, or the lower 64 bits minus 2^63.",
            "167772165",
            "0",
        ),
        Column(
            "remote_block",
            "BIGINT",
            "remote_hi for IPv6, remote_lo >> 8 (the /24) for IPv4: equality key for range joins.",
            "13290610",
            "0",
        ),
        Column("protocol", "INTEGER", "IANA protocol number.", "6", "0"),
        Column(
            "direction",
            "VARCHAR",
            "egress: bytes went from client to remote; ingress: the answer.",
            "egress",
            "'unknown'",
        ),
        Column("action", "VARCHAR", "accept or reject.", "accept", "'accept'"),
        Column("bytes", "BIGINT", "Bytes of this record, one direction.", "5840", "0"),
        Column("packets", "BIGINT", "Packets of this record.", "12", "0"),
        Column(
            "remote_service",
            "VARCHAR",
            "Cloud service of the remote address as the log names it.",
            "BEDROCK",
            "'unknown'",
        ),
        Column(
            "connection_id",
            "VARCHAR",
            "The sensor's own id of the connection (Zeek uid, Suricata flow_id), scoped by sensor.",
            "CHhAvVGS1DHFjwGM9",
            "'unknown'",
        ),
    ),
)
