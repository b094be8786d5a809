"""View `llm_key`: one row is one distinct key in one repository."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_key",
    kind="view",
    grain="one distinct key in one repository",
    columns=(
        Column("repo", "VARCHAR", "Repository.", "acme/search-api"),
        Column("key_id", "VARCHAR", "Salted slow hash of the key.", "9f2c…"),
        Column("mask", "VARCHAR", "Anchor, …, last four.", "sk-proj-…9Qx2"),
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai", "'unknown'"),
        Column("vendor_name", "VARCHAR", "Vendor's name for people.", "OpenAI", "''"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column("key_kind", "VARCHAR", "Kind of key.", "project_key", "'unknown'"),
        Column("is_ai", "BOOLEAN", "Whether it is an AI vendor's key.", "true", "true"),
        Column(
            "severity", "VARCHAR", "critical in HEAD, high else; admin keys critical; public ones info.", "critical"
        ),
        Column(
            "confidence",
            "VARCHAR",
            "high where the shape names the vendor by two rule sets, medium by one, low where only a word nearby does.",
            "high",
            "'high'",
        ),
        Column("in_head", "BOOLEAN", "Whether HEAD or the working tree has it.", "true", "false"),
        Column("place_count", "BIGINT", "Places.", "3", "0"),
        Column("path", "VARCHAR", "First place, best first.", ".env", "''"),
        Column("allow_comment", "VARCHAR", "Reason where every place carries an allow comment.", "", "''"),
        Column("in_use", "BOOLEAN", "Whether bill or traffic shows that key or its account in use.", "false", "false"),
        Column("use_detail", "VARCHAR", "What shows it.", "", "''"),
        Column("team", "VARCHAR", "Owning team, or unknown.", "search", "'unknown'"),
        Column("owner_status", "VARCHAR", "owned, conflict, unowned, shared or opaque.", "owned", "'unowned'"),
        Column(
            "status",
            "VARCHAR",
            "What policy says of this vendor for this subject at that time: approved, unapproved, denied, in_review or expired.",
            "unapproved",
            "'unapproved'",
        ),
        Column("status_reason", "VARCHAR", "Why, in a few words.", "vendor not in policy", "''"),
        Column(
            "status_confidence",
            "VARCHAR",
            "low where the status rests on an unknown owner, else high.",
            "high",
            "'high'",
        ),
        Column(
            "first_seen_at",
            "TIMESTAMP",
            "First commit, UTC; null where uncommitted.",
            "2026-09-01 10:00:00",
            nullable=True,
        ),
        Column(
            "last_seen_at",
            "TIMESTAMP",
            "Last commit, UTC; null where uncommitted.",
            "2026-09-09 10:00:00",
            nullable=True,
        ),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
)
