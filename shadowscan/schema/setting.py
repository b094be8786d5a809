"""Table `setting`: one row is one fact about the store itself."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="setting",
    kind="ledger",
    grain="one fact about the store itself",
    columns=(
        Column("name", "VARCHAR", "schema_version, organization, enrich_digest, ….", "schema_version"),
        Column("value", "VARCHAR", "Its value.", "1"),
    ),
    primary_key=("name",),
)
