"""Table `git_object`: one row is one git object scanned under one rule set."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="git_object",
    kind="ledger",
    grain="one git object scanned under one rule set",
    columns=(
        Column("repo", "VARCHAR", "Repository.", "acme/search-api"),
        Column("object_id", "VARCHAR", "Id of an object in which nothing was found.", "e69de29b…"),
        Column("ruleset", "VARCHAR", "Digest of the key formats and signals it was scanned with.", "ab12…"),
    ),
    # No key: the one writer takes away what is there first, and an index over a large history costs more than its scan.
)
