"""Table `spend_day`: one row is one day, vendor account, kind and meter of charges that count."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="spend_day",
    kind="dimension",
    grain="one day, vendor account, kind and meter of charges that count",
    columns=(
        Column("day", "DATE", "UTC day the charge period starts.", "2026-09-01"),
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column("vendor_account_id", "VARCHAR", "Account at the vendor, as in llm_spend.", "proj_k3"),
        Column("kind", "VARCHAR", "api, seat, platform, tax or credit.", "api"),
        Column("source_kind", "VARCHAR", "Where it was billed.", "focus"),
        Column("currency", "VARCHAR", "ISO 4217.", "USD"),
        Column("via", "VARCHAR", "gateway, direct or opaque.", "direct", "'direct'"),
        Column("meter", "VARCHAR", "Usage type, SKU or model as billed.", "gpt-5:input", "'unknown'"),
        Column("unit", "VARCHAR", "Unit of the quantity.", "Tokens", "'unknown'"),
        Column("category", "VARCHAR", "Charge category of FOCUS.", "Usage", "'Usage'"),
        Column("quantity", "DECIMAL(38,12)", "Consumed quantity.", "1.5", "0"),
        Column("amount", "DECIMAL(38,12)", "Effective cost.", "412.180000000000"),
        Column("provisional", "BOOLEAN", "Whether the source restates this day.", "false", "false"),
    ),
)
