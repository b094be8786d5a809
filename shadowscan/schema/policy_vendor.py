"""Table `policy_vendor`: one row is one approval, review or denial in policy.yaml."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="policy_vendor",
    kind="policy",
    grain="one approval, review or denial in policy.yaml",
    columns=(
        Column("vendor_id", "VARCHAR", "Catalogue id.", "anthropic"),
        Column("status", "VARCHAR", "approved, in_review or denied.", "approved"),
        Column("services", "VARCHAR", "Comma-separated services; empty = all.", "api", "''"),
        Column("teams", "VARCHAR", "Comma-separated teams; empty = all.", "support", "''"),
        Column("accounts", "VARCHAR", "Comma-separated vendor accounts; empty = all.", "wrkspc_01", "''"),
        Column(
            "review_due_at",
            "TIMESTAMP",
            "End of the review day, UTC; null = none.",
            "2027-01-31 00:00:00",
            nullable=True,
        ),
        Column("file", "VARCHAR", "File that says so.", "policy.yaml"),
        Column("line", "BIGINT", "Line in it.", "12", "0"),
    ),
)
