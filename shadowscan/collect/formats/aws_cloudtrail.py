r"""AWS CloudTrail: model calls of Bedrock, SageMaker and Claude Platform on AWS; JSON as AWS delivers it.

Real shape, a document for some minutes of one account and region (`{"Records":[…]}`, gzip), one record of it::

    {"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::222222222222:assumed-role/
     RankerRole/i-0abc","accountId":"222222222222"},"eventTime":"2026-10-02T01:55:04Z",
     "eventSource":"bedrock.amazonaws.com","eventName":"InvokeModel","awsRegion":"eu-central-1",
     "requestParameters":{"modelId":"global.anthropic.claude-sonnet-4-5-20250929-v1:0"},"responseElements":null,
     "additionalEventData":{"inferenceRegion":"ap-southeast-4"},"requestID":"d37e9f1a-…","eventID":"…",
     "recipientAccountId":"222222222222"}

=====================================  ================================================================================
field                                  becomes
=====================================  ================================================================================
`eventTime`                            `called_at`
`eventSource`                          `vendor_id`: `aws-bedrock`, `aws-sagemaker`, or `anthropic` where it is
                                       `aws-external-anthropic`; `service`: `runtime`, `agents`, `mantle`, `endpoint`,
                                       `claude_platform_aws`
`requestParameters.modelId` `model`    `model`: the last part of an ARN, without the geography in front, which is
`endpointName`                         `profile_prefix`; a SageMaker endpoint by its name
`recipientAccountId`, else             `account_id`; else from the delivery path
`userIdentity.accountId`
`userIdentity.arn`, else `invokedBy`,  `principal`
else `principalId`
`userIdentity.accessKeyId`             `credential`, where it is a long-lived key (`AKIA…`): its id, not the key
`awsRegion`                            `region`: where the call entered
`additionalEventData.inferenceRegion`  `processing_region`: the provider's own record of where it ran
`requestID`                            `request_id`: the same as in a model invocation log
`errorCode`                            `failed_calls`: a call that was refused is an attempt, and counted
=====================================  ================================================================================

`profile_prefix` is `unknown` where nothing says that processing stays in the region: an application inference profile
or prompt router, an event that names no model, bedrock-mantle, Claude Platform on AWS (Anthropic runs it, and may run
it elsewhere). A geography that is new is kept as it is written.

All other events are passed by, and are no bad records: logs of a whole account are mostly of other services. A record
without a source, name or time (2000 to 2100) is rejected and counted. Tokens are not in CloudTrail. Prompts should not
be either; nothing but the fields above is read. `line` counts records.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/logging-cloudtrail-mantle.html,
https://platform.claude.com/docs/en/api/claude-platform-on-aws-iam-actions (event names).
Doubts: events of mantle and of Claude Platform on AWS were not seen; exports of Lake and Athena (CSV) are not read.
"""

from collections.abc import Sequence

from shadowscan.collect.formats._call import CallRecords, take_calls
from shadowscan.collect.formats._cloudtrail_lines import lay_cloudtrail
from shadowscan.collect.formats._json_lines import add_refused, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

RECORDS = """
select
  r.file_index::bigint as file,
  case
    when r.eventSource is null or r.eventName is null then 'no CloudTrail event: its source or name is missing'
  end as refusal,
  case r.eventSource
    when 'bedrock.amazonaws.com' then list_contains($model_events, r.eventName)
      or list_contains($agent_events, r.eventName)
    when 'bedrock-runtime.amazonaws.com' then list_contains($model_events, r.eventName)
    when 'bedrock-agent-runtime.amazonaws.com' then list_contains($agent_events, r.eventName)
    when 'sagemaker.amazonaws.com' then starts_with(r.eventName, 'InvokeEndpoint')
    when 'bedrock-mantle.amazonaws.com' then list_contains($inference_events, r.eventName)
    when 'aws-external-anthropic.amazonaws.com' then list_contains($inference_events, r.eventName)
    else false
  end as is_call,
  try_cast(r.eventTime as timestamptz)::timestamp as called_at,
  r.eventSource as event_source,
  r.eventName as event_name,
  r.awsRegion as aws_region,
  coalesce(r.requestParameters.modelId, r.requestParameters.model) as model_text,
  r.requestParameters.endpointName as endpoint_name,
  r.additionalEventData.inferenceRegion as inference_region,
  r.userIdentity as identity,
  r.recipientAccountId as recipient_account_id,
  r.requestID as aws_request_id,
  r.errorCode as error_code
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    eventTime: 'VARCHAR',
    eventSource: 'VARCHAR',
    eventName: 'VARCHAR',
    awsRegion: 'VARCHAR',
    requestParameters: 'STRUCT(modelId VARCHAR, model VARCHAR, endpointName VARCHAR)',
    additionalEventData: 'STRUCT(inferenceRegion VARCHAR)',
    userIdentity: 'STRUCT(arn VARCHAR, accountId VARCHAR, invokedBy VARCHAR, principalId VARCHAR, accessKeyId VARCHAR)',
    recipientAccountId: 'VARCHAR',
    requestID: 'VARCHAR',
    errorCode: 'VARCHAR'
  }
) as r
"""

COLUMNS = {
    "vendor_id": """case event_source
    when 'sagemaker.amazonaws.com' then 'aws-sagemaker'
    when 'aws-external-anthropic.amazonaws.com' then 'anthropic'
    else 'aws-bedrock'
  end""",
    "service": """case
    when event_source = 'sagemaker.amazonaws.com' then 'endpoint'
    when event_source = 'aws-external-anthropic.amazonaws.com' then 'claude_platform_aws'
    when event_source = 'bedrock-mantle.amazonaws.com' then 'mantle'
    when list_contains($agent_events, event_name) then 'agents'
    else 'runtime'
  end""",
    "model": "coalesce(endpoint_name, model_of(model_text))",
    "profile_prefix": """case
    when event_source = 'sagemaker.amazonaws.com' then 'none'
    when event_source in ('aws-external-anthropic.amazonaws.com', 'bedrock-mantle.amazonaws.com')
      and profile_of(model_text) = 'none' then 'unknown'
    else profile_of(model_text)
  end""",
    "account_id": "coalesce(recipient_account_id, identity.accountId, path_account_id)",
    "principal": "coalesce(identity.arn, identity.invokedBy, identity.principalId)",
    "credential": "case when starts_with(identity.accessKeyId, 'AKIA') then identity.accessKeyId end",
    "region": "coalesce(aws_region, path_region)",
    "processing_region": "inference_region",
    "seen_in": "'cloud_audit'",
    "request_id": "aws_request_id",
    "failed_calls": "(error_code is not null)::bigint",
}

EVENTS = {
    "model_events": [
        "InvokeModel",
        "InvokeModelWithResponseStream",
        "InvokeModelWithBidirectionalStream",
        "Converse",
        "ConverseStream",
        "StartAsyncInvoke",
        "CreateModelInvocationJob",
    ],
    "agent_events": [
        "InvokeAgent",
        "InvokeInlineAgent",
        "InvokeFlow",
        "RetrieveAndGenerate",
        "RetrieveAndGenerateStream",
        "OptimizePrompt",
        "Rerank",
    ],
    "inference_events": ["CreateInference", "CreateBatchInference"],
}
OURS = frozenset({"eventSource", "eventName", "eventTime"})
LIKELY = frozenset({"awsRegion", "eventVersion", "userIdentity"})


class AwsCloudtrail:
    """Model calls in CloudTrail."""

    id = "aws_cloudtrail"
    title = "AWS CloudTrail (JSON)"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """Share of the first records that have an event's source, name and time and one key of CloudTrail's."""
        records = sample_records(head)
        hits = sum(record.keys() >= OURS and bool(LIKELY & record.keys()) for record in records)
        return round(0.97 * hits / len(records), 2) if records else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert the model calls among the events."""
        with lay_cloudtrail(items) as laid:
            found = take_calls(engine, items, CallRecords(RECORDS, COLUMNS, {"paths": laid.paths} | EVENTS))
        return {source_id: add_refused(result, laid.refused.get(source_id)) for source_id, result in found.items()}


FORMAT = AwsCloudtrail()
