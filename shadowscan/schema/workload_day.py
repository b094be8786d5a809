"""Table `workload_day`: one row is one client address as one kind of log showed it on one UTC day."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="workload_day",
    kind="rollup",
    grain="one client address as one kind of log showed it on one UTC day, with the names the log gave it",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
        Column("seen_in", "VARCHAR", "Table it was seen in: flow, dns_query or tls_connection.", "flow"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("subnet_id", "VARCHAR", "Subnet of the interface.", "subnet-0b", "'unknown'"),
        Column("region", "VARCHAR", "Cloud region.", "us-east-1", "'unknown'"),
        Column(
            "interface_id",
            "VARCHAR",
            "Network interface, where the address is the interface's own.",
            "eni-0c",
            "'unknown'",
        ),
        Column("instance_id", "VARCHAR", "Instance, where the address is the instance's own.", "i-0d", "'unknown'"),
        Column("resolver_id", "VARCHAR", "Resolver endpoint it asked through.", "rslvr-in-0e", "'unknown'"),
        Column("workload", "VARCHAR", "Workload named by the log itself.", "ecs/prod/ranker", "'unknown'"),
        Column("client_ip", "VARCHAR", "Client address, canonical text.", "10.1.2.3", "'unknown'"),
        Column("first_at", "TIMESTAMP", "First record, UTC.", "2026-10-02 08:00:00"),
        Column("last_at", "TIMESTAMP", "End of the last record, UTC.", "2026-10-02 09:00:00"),
        Column("record_count", "BIGINT", "Records.", "12", "0"),
    ),
    daily=True,
)
