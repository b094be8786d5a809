"""Table `repo_hit`: one row is one signal at one place in a repository."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="repo_hit",
    kind="base",
    grain="one signal at one place in a repository",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column("repo", "VARCHAR", "owner/name in lower case, or the folder's name.", "acme/search-api"),
        Column(
            "kind",
            "VARCHAR",
            "key; sdk, lockfile, endpoint, base_url, environment, ci_secret, model, resource, image, agent_config, or unread for a file that no parser could read; of gateways exposes, upstream, credential_swap, fan_out, streaming or gateway_config.",
            "key",
        ),
        Column("vendor_id", "VARCHAR", "Catalogue id, or unknown.", "openai", "'unknown'"),
        Column("service", "VARCHAR", "Service of the vendor, or the kind of key.", "project_key", "'unknown'"),
        Column("key_id", "VARCHAR", "Salted slow hash of the key; empty for other kinds.", "9f2c…", "''"),
        Column("mask", "VARCHAR", "Anchor, …, last four characters; empty for other kinds.", "sk-proj-…9Qx2", "''"),
        Column("severity", "VARCHAR", "Severity this kind of key deserves; empty for other kinds.", "critical", "''"),
        Column(
            "path", "VARCHAR", "Path from the repository's root; empty for commit and tag messages and notes.", ".env"
        ),
        Column("line", "BIGINT", "Line of the hit, from 1.", "3", "0"),
        Column(
            "object_id", "VARCHAR", "Git object id of the content, or empty for the working tree.", "e69de29b…", "''"
        ),
        Column(
            "commit_id",
            "VARCHAR",
            "Commit that introduced the content there; empty for working tree and unreachable objects.",
            "4b825dc6…",
            "''",
        ),
        Column("author", "VARCHAR", "Author of that commit, by .mailmap.", "Sam Doe <sam@acme.example>", "''"),
        Column("committed_at", "TIMESTAMP", "When that commit was made, UTC.", "2026-09-01 10:00:00", nullable=True),
        Column("last_commit_id", "VARCHAR", "Last commit that still had it.", "4b825dc6…", "''"),
        Column(
            "last_seen_at",
            "TIMESTAMP",
            "When that commit was made, UTC; the scan's newest commit where still in HEAD.",
            "2026-09-09 10:00:00",
            nullable=True,
        ),
        Column("in_head", "BOOLEAN", "Whether HEAD still has it.", "true", "false"),
        Column("place", "VARCHAR", "history, worktree, message or unreachable.", "history", "'history'"),
        Column(
            "unit",
            "VARCHAR",
            "Deployable unit: directory of the nearest manifest or Dockerfile, '.' for the root.",
            "services/proxy",
            "'.'",
        ),
        Column("detail", "VARCHAR", "What was seen, escaped, never a key.", "import openai", "''"),
        Column(
            "allow_comment",
            "VARCHAR",
            "Inline allow comment on that line, as its reason; empty where none.",
            "pragma: allowlist secret",
            "''",
        ),
        Column("weight", "INTEGER", "Points of the gateway class decision; 0 where none.", "30", "0"),
    ),
)
