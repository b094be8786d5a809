"""Table `asset`: one row is one cloud resource as one inventory snapshot saw it."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="asset",
    kind="base",
    grain="one cloud resource as one inventory snapshot saw it",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("asset_id", "VARCHAR", "ARN, or the resource's own id.", "eni-0c"),
        Column(
            "kind",
            "VARCHAR",
            "eni, instance, function, service, pod, nat_gateway, load_balancer, vpc_endpoint, subnet, vpc, database, cluster, namespace, account, vendor_account, folder or resource.",
            "eni",
            "'unknown'",
        ),
        Column("name", "VARCHAR", "Name for people.", "ranker", "''"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("subnet_id", "VARCHAR", "Subnet.", "subnet-0b", "'unknown'"),
        Column("region", "VARCHAR", "Region.", "us-east-1", "'unknown'"),
        Column("address", "VARCHAR", "One address of it; one row an address, empty where none.", "10.1.2.3", "''"),
        Column(
            "parent_id",
            "VARCHAR",
            "What it is attached to: instance, function or service (its stronger id), else unknown.",
            "arn:aws:lambda:us-east-1:470100000011:function:ranker",
            "'unknown'",
        ),
        Column(
            "cidr",
            "VARCHAR",
            "Address range of a subnet or network; one row a range, empty where none.",
            "10.1.2.0/24",
            "''",
        ),
        Column(
            "role",
            "VARCHAR",
            "IAM role, service account or managed identity that it runs as.",
            "arn:aws:iam::470100000011:role/ranker",
            "'unknown'",
        ),
        Column(
            "placement",
            "VARCHAR",
            "What it runs on or shares with others: a pod's node, the security groups of a function's interface; empty where none.",
            "sg-0d,sg-0e",
            "''",
        ),
        Column(
            "repo",
            "VARCHAR",
            "Repository that deploys it as owner/name, and after // the folder in it.",
            "acme/infra//modules/search",
            "'unknown'",
        ),
        Column(
            "tags",
            "VARCHAR",
            "Tags, labels or annotations that name an owner, as a JSON object.",
            '{"team":"search"}',
            "'{}'",
        ),
        Column(
            "observed_at",
            "TIMESTAMP",
            "When the snapshot was taken, UTC; null where it does not say.",
            "2026-10-01 00:00:00",
            nullable=True,
        ),
    ),
)
