r"""Amazon Bedrock model invocation logs: JSON lines as delivered to S3, or out of CloudWatch Logs. Bodies are not read.

Real shape, one call a line::

    {"timestamp":"2026-10-02T01:55:04Z","accountId":"222222222222","identity":{"arn":"arn:aws:sts::222222222222:
     assumed-role/RankerRole/i-0abc"},"region":"eu-central-1","requestId":"d37e9f1a-…","operation":"ConverseStream",
     "modelId":"eu.anthropic.claude-sonnet-4-5-20250929-v1:0","input":{"inputContentType":"application/json",
     "inputBodyJson":{…},"inputTokenCount":900,"cacheReadInputTokenCount":300,"cacheWriteInputTokenCount":0},
     "output":{"outputContentType":"application/json","outputBodyJson":{…},"outputTokenCount":120},
     "inferenceRegion":"eu-north-1","requestMetadata":{…},"schemaType":"ModelInvocationLog","schemaVersion":"1.0"}

=====================================  ================================================================================
field                                  becomes
=====================================  ================================================================================
`timestamp`                            `called_at`
`modelId`                              `model`: the last part of an ARN, without the geography in front, which is
                                       `profile_prefix`; `unknown` for an application inference profile
`accountId` `region`                   `account_id` `region`; else from the delivery path
`identity.arn`                         `principal`
`inferenceRegion`                      `processing_region`: the provider's own record of where it ran
`requestId`                            `request_id`: the same as in CloudTrail, so that a call in both counts once
`input.inputTokenCount` and the two    `input_tokens`: the first leaves out what a cache read or wrote
`cache…InputTokenCount`
`input.cacheReadInputTokenCount`       `cached_tokens`
`output.outputTokenCount`              `output_tokens`
`errorCode`                            `failed_calls`
=====================================  ================================================================================

`inputBodyJson`, `outputBodyJson`, what they are kept under in S3, and `requestMetadata`, which callers fill as they
like, are passed over while parsing. A line that is no such log, or has no time (2000 to 2100) or model, is rejected and
counted. `line` counts the lines that are not blank.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html.
Doubts: whether a call that moved within its geography always has `inferenceRegion` is not documented; without it the
call is judged by its profile.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._call import CallRecords, take_json_calls
from shadowscan.collect.formats._json_lines import sample_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

RECORDS = """
select
  r.file_index::bigint as file,
  case
    when r.schemaType is distinct from 'ModelInvocationLog' then 'no model invocation log'
    when r.modelId is null then 'no model is named'
  end as refusal,
  true as is_call,
  try_cast(r."timestamp" as timestamptz)::timestamp as called_at,
  r.modelId as model_text,
  r.accountId as log_account_id,
  r."identity".arn as arn,
  r.region as log_region,
  r.requestId as aws_request_id,
  r."input" as asked,
  r.output.outputTokenCount as answered_tokens,
  r.inferenceRegion as inference_region,
  r.errorCode as error_code
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    schemaType: 'VARCHAR',
    "timestamp": 'VARCHAR',
    accountId: 'VARCHAR',
    "identity": 'STRUCT(arn VARCHAR)',
    region: 'VARCHAR',
    requestId: 'VARCHAR',
    modelId: 'VARCHAR',
    "input": 'STRUCT(inputTokenCount BIGINT, cacheReadInputTokenCount BIGINT, cacheWriteInputTokenCount BIGINT)',
    output: 'STRUCT(outputTokenCount BIGINT)',
    inferenceRegion: 'VARCHAR',
    errorCode: 'VARCHAR'
  }
) as r
"""

COLUMNS = {
    "vendor_id": "'aws-bedrock'",
    "service": "'runtime'",
    "model": "model_of(model_text)",
    "profile_prefix": "profile_of(model_text)",
    "account_id": "coalesce(log_account_id, path_account_id)",
    "principal": "arn",
    "region": "coalesce(log_region, path_region)",
    "processing_region": "inference_region",
    "seen_in": "'invocation_log'",
    "request_id": "aws_request_id",
    "failed_calls": "(error_code is not null)::bigint",
    "input_tokens": """coalesce(asked.inputTokenCount, 0) + coalesce(asked.cacheReadInputTokenCount, 0)
    + coalesce(asked.cacheWriteInputTokenCount, 0)""",
    "cached_tokens": "asked.cacheReadInputTokenCount",
    "output_tokens": "answered_tokens",
}

# A first line may be longer than the head, for it may hold 100 KB of what was asked.
_SCHEMA = re.compile(rb'"schemaType"\s*:\s*"ModelInvocationLog"')


class BedrockInvocation:
    """Bedrock's own log of each call."""

    id = "bedrock_invocation"
    title = "Amazon Bedrock model invocation logs (JSON)"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """Share of the first records that say they are such a log."""
        records = sample_records(head)
        hits = sum(1 for record in records if record.get("schemaType") == "ModelInvocationLog")
        if records:
            return round(0.98 * hits / len(records), 2)
        return 0.9 if head.data.lstrip().startswith(b"{") and _SCHEMA.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert the calls."""
        return take_json_calls(engine, items, CallRecords(RECORDS, COLUMNS))


FORMAT = BedrockInvocation()
