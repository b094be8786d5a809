"""Table `git_object`: one row is one git object scanned under one rule set."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="git_object",
    kind="ledger",
    grain="one git object scanned under one rule set",
    columns=(
        Column("repo", "VARCHAR", "Repository.", "acme/search-api"),
        Column("object_id", "VARCHAR", "Git object id.", "e69de29b…"),
        Column("ruleset", "VARCHAR", "Digest of the key formats and signals it was scanned with.", "ab12…"),
    ),
    primary_key=("repo", "object_id", "ruleset"),
)
