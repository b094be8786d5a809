"""View `llm_call`: one row is one day, principal, vendor, model and region of model calls."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_call",
    kind="view",
    grain="one day, principal, vendor, model and region of model calls",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
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
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai", "'unknown'"),
        Column("vendor_name", "VARCHAR", "Vendor's name for people.", "OpenAI", "''"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column("model", "VARCHAR", "Model.", "claude-sonnet-4-5", "'unknown'"),
        Column("via", "VARCHAR", "gateway, direct or unknown.", "direct", "'unknown'"),
        Column("processing_region", "VARCHAR", "By the provider's record.", "eu-central-1", "'unknown'"),
        Column("calls", "BIGINT", "Calls.", "10", "0"),
        Column("input_tokens", "BIGINT", "Input tokens.", "900", "0"),
        Column("output_tokens", "BIGINT", "Output tokens.", "120", "0"),
        Column("team", "VARCHAR", "Owning team, or unknown.", "search", "'unknown'"),
        Column("owner_status", "VARCHAR", "owned, conflict, unowned, shared or opaque.", "owned", "'unowned'"),
        Column("first_seen_at", "TIMESTAMP", "First event, UTC.", "2026-10-02 08:00:00"),
        Column("last_seen_at", "TIMESTAMP", "Last event, UTC.", "2026-10-02 09:00:00"),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
    daily=True,
)
