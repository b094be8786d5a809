"""Table `policy_gateway`: one row is one address, host, repository or credential of an approved gateway."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="policy_gateway",
    kind="policy",
    grain="one address, host, repository or credential of an approved gateway",
    columns=(
        Column("gateway", "VARCHAR", "Gateway's name.", "llm-gateway"),
        Column("kind", "VARCHAR", "host, cidr, repo or credential.", "cidr"),
        Column("value", "VARCHAR", "The value.", "10.9.1.0/28"),
        Column("vpc_id", "VARCHAR", "VPC that scopes a range.", "vpc-0a", "'unknown'"),
        Column("vendor_id", "VARCHAR", "Vendor it carries; one row a vendor.", "openai"),
    ),
)
