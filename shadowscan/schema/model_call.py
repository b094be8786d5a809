"""Table `model_call`: one row is one model call, or one bucket of calls."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="model_call",
    kind="base",
    grain="one model call, or one bucket of calls",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("called_at", "TIMESTAMP", "When, UTC (start of a bucket).", "2026-10-02 08:00:00"),
        Column("vendor_id", "VARCHAR", "Catalogue id.", "aws-bedrock", "'unknown'"),
        Column(
            "model",
            "VARCHAR",
            "Model id as logged, profile prefix removed.",
            "anthropic.claude-sonnet-4-5",
            "'unknown'",
        ),
        Column(
            "profile_prefix",
            "VARCHAR",
            "Geography prefix of an inference profile; unknown where the log does not say that processing stays.",
            "eu",
            "'none'",
        ),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column(
            "principal",
            "VARCHAR",
            "Who called: role ARN, user or service account.",
            "arn:aws:sts::222222222222:assumed-role/RankerRole/x",
            "'unknown'",
        ),
        Column("credential", "VARCHAR", "Vendor-side credential id.", "key_gw", "'unknown'"),
        Column("region", "VARCHAR", "Region the call entered.", "eu-central-1", "'unknown'"),
        Column(
            "processing_region",
            "VARCHAR",
            "Region it was processed in, by the provider's record.",
            "ap-southeast-4",
            "'unknown'",
        ),
        Column("via", "VARCHAR", "gateway, direct or unknown.", "direct", "'unknown'"),
        Column(
            "seen_in",
            "VARCHAR",
            "cloud_audit, invocation_log, gateway, usage_report or trace.",
            "cloud_audit",
            "'unknown'",
        ),
        Column("service", "VARCHAR", "Service of the vendor that was called.", "api", "'unknown'"),
        Column(
            "request_id",
            "VARCHAR",
            "The provider's id of the request, by which two logs of one call meet.",
            "d37e9f1a-6d7c",
            "'unknown'",
        ),
        Column("calls", "BIGINT", "Calls in this row, those that failed too.", "1", "1"),
        Column("failed_calls", "BIGINT", "Those of them that were refused or failed.", "0", "0"),
        Column("input_tokens", "BIGINT", "Input tokens, those out of a cache too.", "900", "0"),
        Column("cached_tokens", "BIGINT", "Those of the input tokens that were read out of a cache.", "300", "0"),
        Column("output_tokens", "BIGINT", "Output tokens.", "120", "0"),
    ),
)
