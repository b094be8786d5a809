"""View `llm_spend`: one row is one month, vendor account and kind of charge for an LLM vendor, superseded rows left out."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_spend",
    kind="view",
    grain="one month, vendor account and kind of charge for an LLM vendor, superseded rows left out",
    columns=(
        Column("month", "DATE", "First day of the month.", "2026-10-01"),
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai", "'unknown'"),
        Column("vendor_name", "VARCHAR", "Vendor's name for people.", "OpenAI", "''"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column(
            "vendor_account_id", "VARCHAR", "Project, workspace, linked account, or card payer.", "proj_k3", "'unknown'"
        ),
        Column("vendor_account_name", "VARCHAR", "Its name.", "rag-prod", "''"),
        Column(
            "account_kind",
            "VARCHAR",
            "organization, project, workspace, cloud_account or card.",
            "project",
            "'unknown'",
        ),
        Column("kind", "VARCHAR", "api, seat, platform, tax or credit.", "api", "'api'"),
        Column("source_kind", "VARCHAR", "Where it was billed.", "aws_cur", "'unknown'"),
        Column("payer", "VARCHAR", "Who paid.", "Dana Alvarez", "'unknown'"),
        Column("amount", "DECIMAL(38,12)", "Effective cost.", "412.18", "0"),
        Column("currency", "VARCHAR", "ISO 4217.", "USD", "'unknown'"),
        Column("via", "VARCHAR", "gateway, direct or opaque.", "direct", "'opaque'"),
        Column("team", "VARCHAR", "Owning team, or unknown.", "search", "'unknown'"),
        Column("owner_status", "VARCHAR", "owned, conflict, unowned, shared or opaque.", "owned", "'unowned'"),
        Column("owner_confidence_band", "VARCHAR", "high, medium, low or none.", "high", "'none'"),
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
            "previous_quarter_amount",
            "DECIMAL(38,12)",
            "Vendor's total of the quarter before, same currency.",
            "1000",
            "0",
        ),
        Column("quarter_amount", "DECIMAL(38,12)", "Vendor's total of this quarter, same currency.", "1400", "0"),
        Column(
            "growth_threshold_amount",
            "DECIMAL(38,12)",
            "Total above which growth is an alert: previous quarter times one plus growth_alert; 0 where there is no complete previous quarter.",
            "1400",
            "0",
        ),
        Column(
            "growth_driver",
            "VARCHAR",
            "What most of the growth above the alert comes from: new user, new model, price, volume or credits, and whose; empty where there is none.",
            "volume (12000.00 of 17400.00), most of it of team search",
            "''",
        ),
        Column("has_traffic", "BOOLEAN", "Whether traffic to this vendor was seen in the store.", "true", "false"),
        Column("traffic_covered", "BOOLEAN", "Whether traffic sources cover that month at all.", "true", "false"),
        Column(
            "is_last_complete_quarter",
            "BOOLEAN",
            "Whether the month lies in the last complete quarter of the store.",
            "true",
            "false",
        ),
        Column("first_seen_at", "TIMESTAMP", "First event, UTC.", "2026-10-02 08:00:00"),
        Column("last_seen_at", "TIMESTAMP", "Last event, UTC.", "2026-10-02 09:00:00"),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
)
