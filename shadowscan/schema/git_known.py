"""Table `git_known`: one row is what reading one part of a repository gave, kept so that it is not read again."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="git_known",
    kind="ledger",
    grain="one object that holds something, the files of HEAD or of the working tree, or the state of a repository, under one rule set",
    columns=(
        Column("repo", "VARCHAR", "Target the repository was given as.", "acme/search-api"),
        Column("kind", "VARCHAR", "object, files, lying (the working tree) or state.", "object"),
        Column("name", "VARCHAR", "Git object id, HEAD, worktree, or digest of the state.", "e69de29b…"),
        Column("ruleset", "VARCHAR", "Digest of the key formats and signals it was read with.", "ab12…"),
        Column("content", "VARCHAR", "What was found, as JSON; masks and key ids, never a key.", '{"hits": []}'),
    ),
    primary_key=("repo", "kind", "name"),
)
