"""View `llm_code`: one row is one repository, unit and vendor used from code."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_code",
    kind="view",
    grain="one repository, unit and vendor used from code",
    columns=(
        Column("repo", "VARCHAR", "Repository.", "acme/search-api"),
        Column("unit", "VARCHAR", "Deployable unit.", "."),
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai", "'unknown'"),
        Column("vendor_name", "VARCHAR", "Vendor's name for people.", "OpenAI", "''"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column("via", "VARCHAR", "gateway, direct, mixed or unresolved.", "direct", "'unknown'"),
        Column("signals", "VARCHAR", "Kinds of signal seen, comma-separated.", "sdk,environment", "''"),
        Column("signal_count", "BIGINT", "How many.", "4", "0"),
        Column("in_head", "BOOLEAN", "Whether HEAD has them.", "true", "false"),
        Column("region", "VARCHAR", "The one region configured in code, or unknown.", "us-east-1", "'unknown'"),
        Column(
            "places",
            "VARCHAR",
            "Every configured place, comma-separated: a region, a Bedrock profile, or a region with a deployment SKU.",
            "eu profile,swedencentral/GlobalStandard",
            "''",
        ),
        Column("models", "VARCHAR", "Models named in the unit, comma-separated.", "gpt-4o", "''"),
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
        Column("first_seen_at", "TIMESTAMP", "First commit, UTC.", "2026-09-01 10:00:00", nullable=True),
        Column("last_seen_at", "TIMESTAMP", "Last commit, UTC.", "2026-09-09 10:00:00", nullable=True),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
)
