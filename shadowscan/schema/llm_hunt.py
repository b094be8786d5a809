"""View `llm_hunt`: one row is one unnamed remote that looks like a model endpoint, by subject."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_hunt",
    kind="view",
    grain="one unnamed remote that looks like a model endpoint, by subject",
    columns=(
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
        Column("remote", "VARCHAR", "Name or address.", "api.newllm.ai"),
        Column("signal_groups", "INTEGER", "Independent groups of signals that agree.", "2", "0"),
        Column("signals", "VARCHAR", "Which, comma-separated.", "ai_name,streaming_shape", "''"),
        Column("team", "VARCHAR", "Owning team, or unknown.", "search", "'unknown'"),
        Column("owner_status", "VARCHAR", "owned, conflict, unowned, shared or opaque.", "owned", "'unowned'"),
        Column("bytes_out", "BIGINT", "Bytes sent.", "5840", "0"),
        Column("bytes_in", "BIGINT", "Bytes received.", "0", "0"),
        Column("flow_count", "BIGINT", "Records.", "12", "0"),
        Column("first_seen_at", "TIMESTAMP", "First event, UTC.", "2026-10-02 08:00:00"),
        Column("last_seen_at", "TIMESTAMP", "Last event, UTC.", "2026-10-02 09:00:00"),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
)
