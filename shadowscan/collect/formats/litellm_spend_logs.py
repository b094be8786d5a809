r"""LiteLLM's log of calls: rows of `LiteLLM_SpendLogs` as JSON lines or one array (`/spend/logs`). Bodies are not read.

Real shape, one call::

    {"request_id":"chatcmpl-9f1c","call_type":"acompletion","api_key":"<SHA-256 of the key>","spend":0.0042,
     "total_tokens":1020,"prompt_tokens":900,"completion_tokens":120,"startTime":"2026-10-02T01:55:04.120000Z",
     "endTime":"2026-10-02T01:55:06.010000Z","model":"eu.anthropic.claude-sonnet-4-5-20250929-v1:0","model_group":
     "sonnet","custom_llm_provider":"bedrock","api_base":"https://bedrock-runtime.eu-central-1.amazonaws.com/…",
     "user":"ranker","metadata":{…},"cache_hit":"False","request_tags":["…"],"team_id":"0b1c-search",
     "organization_id":null,"end_user":"","messages":{…},"response":{…},"status":"success"}

=====================================  ================================================================================
field                                  becomes
=====================================  ================================================================================
`startTime`                            `called_at`; without a zone it is UTC
`custom_llm_provider`                  `vendor_id`, in the words of the catalogue; else the part of `model` before `/`
`model`                                `model`, without provider and without the geography in front, which is
                                       `profile_prefix`
`api_base`                             `region`, where its host has one; the rest is dropped
`team_id`, else `organization_id`      `account_id`
`user`                                 `principal`
`api_key`                              `credential`: only where it is a hash, 64 hexadecimal digits
`request_id`                           `request_id`
`prompt_tokens` `completion_tokens`    `input_tokens` `output_tokens`
`status`                               `failed_calls`: `failure` is an attempt
`cache_hit`                            a call that the gateway answered itself went to no vendor, and is passed by
=====================================  ================================================================================

Every row is `via` the gateway. The region of a host is where the call entered: outside Bedrock nothing says that
processing stays there, so that `profile_prefix` is `unknown`. `messages`, `response`, `proxy_server_request`,
`metadata`, `request_tags` and `end_user` are passed over while parsing. A row without a time (2000 to 2100) or model is
rejected and counted. `spend` is not money here: it is the gateway's own estimate.

Sources: the model `LiteLLM_SpendLogs` of https://github.com/BerriAI/litellm/blob/main/schema.prisma.
Doubts: exports of the table as CSV are not read.
"""

from collections.abc import Sequence

from shadowscan.collect.formats._call import CallRecords, take_json_calls
from shadowscan.collect.formats._json_lines import sample_records
from shadowscan.collect.formats._provider import create_vendor_of
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# Hosts with a region: `bedrock-runtime.eu-central-1.amazonaws.com`, `europe-west4-aiplatform.googleapis.com`.
RECORDS = r"""
select
  r.file_index::bigint as file,
  case
    when r.request_id is null and r.startTime is null then 'no row of the log of calls'
    when coalesce(r.model, '') = '' then 'no model is named'
  end as refusal,
  lower(coalesce(r.cache_hit, '')) <> 'true' as is_call,
  try_cast(r.startTime as timestamptz)::timestamp as called_at,
  vendor_of(coalesce(nullif(r.custom_llm_provider, ''), regexp_extract(r.model, '^([a-z0-9_]+)/', 1))) as vendor,
  regexp_replace(r.model, '^[a-z0-9_]+/', '') as model_text,
  case
    when contains(r.api_base, '-aiplatform.') then regexp_extract(r.api_base, '^https?://([a-z]+-[a-z]+\d+)-', 1)
    when contains(r.api_base, 'aws')
      then regexp_extract(split_part(r.api_base, '/', 3), '[a-z]{2,4}(?:-[a-z]+)+-\d', 0)
  end as host_region,
  coalesce(nullif(r.team_id, ''), r.organization_id) as team,
  r."user" as caller,
  r.api_key as key_hash,
  r.request_id as call_id,
  r.status as outcome,
  r.prompt_tokens as asked_tokens,
  r.completion_tokens as answered_tokens
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    request_id: 'VARCHAR',
    startTime: 'VARCHAR',
    model: 'VARCHAR',
    custom_llm_provider: 'VARCHAR',
    api_base: 'VARCHAR',
    team_id: 'VARCHAR',
    organization_id: 'VARCHAR',
    "user": 'VARCHAR',
    api_key: 'VARCHAR',
    status: 'VARCHAR',
    cache_hit: 'VARCHAR',
    prompt_tokens: 'BIGINT',
    completion_tokens: 'BIGINT'
  }
) as r
"""

COLUMNS = {
    "vendor_id": "vendor",
    "service": "'unknown'",
    "model": "model_of(model_text)",
    "profile_prefix": """case
    when vendor = 'aws-bedrock' then profile_of(model_text)
    when coalesce(host_region, '') = '' then 'none'
    else 'unknown'
  end""",
    "account_id": "team",
    "principal": "caller",
    "credential": "case when regexp_full_match(key_hash, '[0-9a-f]{64}') then key_hash end",
    "region": "host_region",
    "via": "'gateway'",
    "seen_in": "'gateway'",
    "request_id": "call_id",
    "failed_calls": "(outcome = 'failure')::bigint",
    "input_tokens": "asked_tokens",
    "output_tokens": "answered_tokens",
}
OURS = frozenset({"request_id", "call_type", "startTime", "model"})
LIKELY = frozenset({"custom_llm_provider", "model_group", "cache_hit", "spend"})


class LitellmSpendLogs:
    """Calls that went through LiteLLM."""

    id = "litellm_spend_logs"
    title = "LiteLLM log of calls (LiteLLM_SpendLogs, JSON)"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """Share of the first records that have what every row has, and something of LiteLLM's own."""
        records = sample_records(head)
        hits = sum(record.keys() >= OURS and bool(LIKELY & record.keys()) for record in records)
        if records:
            return round(0.96 * hits / len(records), 2)
        is_long = head.begins_json  # a first row longer than the head: it holds a prompt
        return 0.8 if is_long and all(f'"{name}"'.encode() in head.data for name in OURS) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert the calls that went on to a vendor."""
        create_vendor_of(engine)
        return take_json_calls(engine, items, CallRecords(RECORDS, COLUMNS))


FORMAT = LitellmSpendLogs()
