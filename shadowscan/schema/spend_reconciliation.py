"""Table `spend_reconciliation`: one row is one month, vendor account and source of a bill, counted or superseded."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="spend_reconciliation",
    kind="dimension",
    grain="one month, vendor account and source of a bill, counted or superseded",
    columns=(
        Column("month", "DATE", "First day of the month.", "2026-09-01"),
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai"),
        Column("vendor_account_id", "VARCHAR", "Account at the vendor, as in llm_spend.", "proj_k3"),
        Column("source_kind", "VARCHAR", "Where it was billed.", "card_csv"),
        Column("currency", "VARCHAR", "ISO 4217.", "USD"),
        Column("total", "DECIMAL(38,12)", "What this source says.", "100.000000000000"),
        Column("counted", "DECIMAL(38,12)", "What of it counts.", "0.000000000000"),
        Column("superseded", "DECIMAL(38,12)", "What a higher authority says better.", "100.000000000000"),
        Column("superseded_by", "VARCHAR", "That authority and account, or none.", "focus org-7fQ2", "'none'"),
        Column(
            "difference", "DECIMAL(38,12)", "Superseded total less what the authority says; 0 where it counts.", "0"
        ),
    ),
)
