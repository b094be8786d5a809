"""View `llm_traffic_account`: one row is one vendor with traffic and how much of it the bills explain."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_traffic_account",
    kind="view",
    grain="one vendor with traffic and how much of it the bills explain",
    columns=(
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai", "'unknown'"),
        Column("vendor_name", "VARCHAR", "Vendor's name for people.", "OpenAI", "''"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column("has_spend", "BOOLEAN", "Whether any charge of this vendor is in the store.", "false", "false"),
        Column(
            "billing_covered",
            "BOOLEAN",
            "Whether billing sources cover the time of the traffic at all.",
            "true",
            "false",
        ),
        Column("is_free", "BOOLEAN", "Whether the surface used is known to be free of charge.", "false", "false"),
        Column(
            "subject_id",
            "VARCHAR",
            "Stable id of the workload: ARN where known, else account/vpc/address.",
            "470100000011/vpc-0a/10.1.2.3",
            "'unknown'",
        ),
        Column(
            "subject_kind",
            "VARCHAR",
            "workload, machine, principal, repo, key, account, gateway, team, vendor or policy.",
            "workload",
            "'unknown'",
        ),
        Column("subject_label", "VARCHAR", "Short name for people.", "ranker", "''"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
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
        Column("bytes_out", "BIGINT", "Bytes sent.", "5840", "0"),
        Column("bytes_in", "BIGINT", "Bytes received.", "0", "0"),
        Column("flow_count", "BIGINT", "Records.", "12", "0"),
        Column("first_seen_at", "TIMESTAMP", "First event, UTC.", "2026-10-02 08:00:00"),
        Column("last_seen_at", "TIMESTAMP", "Last event, UTC.", "2026-10-02 09:00:00"),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
)
