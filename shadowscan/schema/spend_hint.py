"""Table `spend_hint`: one row is one thing a bill says of who may be behind a vendor account, never enough to decide."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="spend_hint",
    kind="dimension",
    grain="one thing a bill says of who may be behind a vendor account, never enough to decide",
    columns=(
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai"),
        Column("vendor_account_id", "VARCHAR", "Account at the vendor, as in llm_spend.", "proj_k3"),
        Column("kind", "VARCHAR", "payer, cost_center or account_name.", "cost_center"),
        Column("value", "VARCHAR", "As written.", "CC-4410"),
        Column(
            "team", "VARCHAR", "Team that owners.yaml or the roster gives for it, or unknown.", "growth", "'unknown'"
        ),
    ),
)
