"""Table `policy_entry`: one row is one suppression, owners entry or approval that a rule may check for age or sense."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="policy_entry",
    kind="policy",
    grain="one suppression, owners entry or approval that a rule may check for age or sense",
    columns=(
        Column("kind", "VARCHAR", "suppression, approval or owner.", "suppression"),
        Column("entry_id", "VARCHAR", "Stable id of the entry.", "keys.leaked-key:tests/**"),
        Column("value", "VARCHAR", "What it says.", "search"),
        Column("expires_at", "TIMESTAMP", "End of its life, UTC; null = never.", "2027-01-01 00:00:00", nullable=True),
        Column("problem", "VARCHAR", "none, expired, unknown_team or conflicting.", "none", "'none'"),
        Column("detail", "VARCHAR", "In words.", "expired on 2026-01-01", "''"),
        Column("file", "VARCHAR", "File.", "policy.yaml"),
        Column("line", "BIGINT", "Line.", "30", "0"),
    ),
)
