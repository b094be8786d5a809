"""Table `finding`: one row is one finding, as last seen."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="finding",
    kind="history",
    grain="one finding, as last seen",
    columns=(
        Column("fingerprint", "VARCHAR", "Identity.", "9f2c…"),
        Column("rule_id", "VARCHAR", "Rule.", "egress.unapproved-vendor"),
        Column("state", "VARCHAR", "new, unchanged, updated or resolved.", "new"),
        Column("first_run_id", "VARCHAR", "Run that found it first.", "r1"),
        Column("last_run_id", "VARCHAR", "Run that saw it last.", "r2"),
        Column("first_reported_at", "TIMESTAMP", "When first reported, UTC.", "2026-11-01 00:00:00"),
        Column(
            "resolved_at",
            "TIMESTAMP",
            "When found gone, UTC; null while it stands.",
            "2026-11-02 00:00:00",
            nullable=True,
        ),
        Column("aliases", "VARCHAR", "JSON list of older fingerprints.", "[]", "'[]'"),
        Column("identity", "VARCHAR", "JSON object of the identity columns.", "{}", "'{}'"),
        Column("last_seen_at", "TIMESTAMP", "Last event, UTC.", "2026-10-02 09:00:00", nullable=True),
        Column(
            "digest", "VARCHAR", "Digest of what counts as an update: severity, confidence, owner, places.", "ab12…"
        ),
        Column("sources", "VARCHAR", "JSON list of the targets it rests on.", '["logs/"]', "'[]'"),
        Column("document", "VARCHAR", "The finding as JSON, as last reported.", "{}"),
    ),
    primary_key=("fingerprint",),
)
