"""Table `owner_claim`: one row is one statement of ownership made by one piece of evidence."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="owner_claim",
    kind="base",
    grain="one statement of ownership made by one piece of evidence",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column(
            "evidence",
            "VARCHAR",
            "Kind of evidence: owners_yaml, tag, backstage, codeowners, account, cidr, git_committer, ….",
            "codeowners",
        ),
        Column(
            "key_kind",
            "VARCHAR",
            "What the key is: resource, account, cidr, repo_path, vendor_account, service, kubernetes_id, or entity (leads on to another).",
            "repo_path",
        ),
        Column("key", "VARCHAR", "The id, pattern or range it speaks of.", "src/**"),
        Column(
            "scope",
            "VARCHAR",
            "What scopes the key: repository, vpc id or vendor; empty where none.",
            "acme/search-api",
            "''",
        ),
        Column("ordinal", "BIGINT", "Order in the file; the last CODEOWNERS match wins.", "3", "0"),
        Column("value", "VARCHAR", "Team or person as written; empty = explicitly unowned.", "@acme/search"),
        Column(
            "is_person", "BOOLEAN", "Whether the value is a person, to be looked up in the roster.", "false", "false"
        ),
        Column("confidence", "DOUBLE", "0 to 1, by the kind of evidence.", "0.8"),
        Column(
            "observed_at",
            "TIMESTAMP",
            "When it was said, UTC; null where not known.",
            "2026-10-01 00:00:00",
            nullable=True,
        ),
        Column("detail", "VARCHAR", "The statement as written.", "src/** @acme/search", "''"),
    ),
)
