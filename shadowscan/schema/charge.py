"""Table `charge`: one row is one charge, FOCUS-shaped."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="charge",
    kind="base",
    grain="one charge, FOCUS-shaped",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("charge_key", "VARCHAR", "Stable key of the charge within its source kind.", "cur2/2026-10/abc"),
        Column("source_kind", "VARCHAR", "Format that gave it: aws_cur, focus, card_csv, ….", "aws_cur"),
        Column("cost_basis", "VARCHAR", "billed, estimated, card or invoice.", "billed", "'billed'"),
        Column("provider_name", "VARCHAR", "ServiceProviderName or merchant as written.", "OpenAI", "'unknown'"),
        Column("invoice_issuer", "VARCHAR", "Who bills.", "AWS Marketplace", "'unknown'"),
        Column("billing_account_id", "VARCHAR", "Payer account, organisation or card.", "org-7fQ2", "'unknown'"),
        Column(
            "vendor_account_id",
            "VARCHAR",
            "SubAccountId: linked account, project or workspace.",
            "proj_k3",
            "'unknown'",
        ),
        Column("vendor_account_name", "VARCHAR", "Its name.", "rag-prod", "'unknown'"),
        Column("resource_id", "VARCHAR", "Resource charged.", "arn:aws:bedrock:…", "'unknown'"),
        Column(
            "service_name", "VARCHAR", "Service as billed.", "Claude Sonnet 4.6 (Amazon Bedrock Edition)", "'unknown'"
        ),
        Column("usage_type", "VARCHAR", "Usage type, SKU or meter.", "USE1-MP:USE1_InputTokenCount-Units", "'unknown'"),
        Column("operation", "VARCHAR", "Operation as billed.", "InvokeModelInference", "'unknown'"),
        Column("charge_category", "VARCHAR", "Usage, Purchase, Tax, Credit or Adjustment (FOCUS).", "Usage", "'Usage'"),
        Column("charge_class", "VARCHAR", "Correction, or none.", "none", "'none'"),
        Column("description", "VARCHAR", "Description or card descriptor, as written.", "OPENAI *CHATGPT SUBSCR", "''"),
        Column(
            "principal_id",
            "VARCHAR",
            "Who: IAM principal, cardholder (the payer, not the owner).",
            "arn:aws:sts::…",
            "'unknown'",
        ),
        Column("credential_id", "VARCHAR", "Which key.", "key_gw", "'unknown'"),
        Column(
            "consumer_id", "VARCHAR", "Downstream actor it was consumed for (FOCUS 1.5 draft).", "cust_9", "'unknown'"
        ),
        Column("cost_center", "VARCHAR", "Cost centre or department as written.", "CC-2087", "'unknown'"),
        Column("region", "VARCHAR", "Billing region (the source region).", "us-east-1", "'unknown'"),
        Column("period_start_at", "TIMESTAMP", "Start of the charge period, UTC.", "2026-10-01 00:00:00"),
        Column("period_end_at", "TIMESTAMP", "End of the charge period, exclusive, UTC.", "2026-10-02 00:00:00"),
        Column("billed_cost", "DECIMAL(38,12)", "Amount to tie out with the invoice.", "4.073850000000", "0"),
        Column("effective_cost", "DECIMAL(38,12)", "Amortised amount for showback.", "4.073850000000", "0"),
        Column("currency", "VARCHAR", "ISO 4217.", "USD"),
        Column("quantity", "DECIMAL(38,12)", "Consumed quantity.", "1.2345", "0"),
        Column("unit", "VARCHAR", "Unit of the quantity.", "1M tokens", "'unknown'"),
        Column(
            "tags",
            "VARCHAR",
            "Tags as a JSON object; allocated and principal tags win over resource tags.",
            '{"team":"search"}',
            "'{}'",
        ),
        Column(
            "grouped_by",
            "VARCHAR",
            "Dimensions the answer was grouped by, sorted; total for an ungrouped answer, none where a source has no groupings.",
            "line_item,project_id",
            "'none'",
        ),
        Column(
            "delivery_series",
            "VARCHAR",
            "Folder whose deliveries each restate the whole period, or none.",
            "cur/daily/20261001-20261101",
            "'none'",
        ),
        Column("delivery", "VARCHAR", "Which of them; only the newest counts.", "6f1c9a52", "'none'"),
        Column("delivered_at", "TIMESTAMP", "When it was delivered, UTC.", "2026-10-15 05:00:00", nullable=True),
        Column("provisional", "BOOLEAN", "Whether the source restates this period.", "false", "false"),
    ),
)
