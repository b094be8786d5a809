r"""LiteLLM spend by day and team: rows of the proxy's table `LiteLLM_DailyTeamSpend`, as JSON or CSV.

Real shape, one row (what `select * from "LiteLLM_DailyTeamSpend"` gives, also as an array or JSON lines)::

    {"team_id": "t-search", "date": "2026-10-14", "api_key": "88dc…", "model": "gpt-5", "model_group": "gpt-5",
     "custom_llm_provider": "openai", "prompt_tokens": 1200, "completion_tokens": 300, "spend": 0.0123,
     "api_requests": 4, "successful_requests": 4, "failed_requests": 0}

==========================================  ===========================================================================
field                                       becomes
==========================================  ===========================================================================
`spend`                                     `billed_cost` and `effective_cost` in US dollars; `cost_basis` is
                                            `estimated`: the proxy multiplies tokens by a price list
`date`                                      `period_start_at`, one UTC day long
`team_id`                                   `vendor_account_id`; null is a key without a team, `unknown`
`api_key`                                   `credential_id`: the proxy's own hash of its key, not the vendor's
`custom_llm_provider`                       `provider_name`, in the catalogue's word: `bedrock` is `aws-bedrock`, …
`model`, else `model_group`                 `usage_type`
`prompt_tokens` `completion_tokens`         `quantity`, their sum; `unit` is `tokens`
`endpoint`                                  `operation`
==========================================  ===========================================================================

An estimate has the least authority: it counts only where no bill tells of the vendor's month. The tables by user and by
tag tell the same dollars and are not taken.

Source: `schema.prisma` of litellm 1.109.1.
Doubts: a day is the proxy's, which runs in UTC unless it was set otherwise.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._charge import Recipe, header_of, normalise_charges
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

FIELDS = (
    "team_id", "date", "api_key", "model", "model_group", "custom_llm_provider", "endpoint", "prompt_tokens",
    "completion_tokens", "spend", "mcp_namespaced_tool_name",
)  # fmt: skip
REQUIRED = {"team_id", "date", "spend", "api_requests"}
VENDORS = {
    "bedrock": "aws-bedrock",
    "bedrock_converse": "aws-bedrock",
    "sagemaker": "aws-sagemaker",
    "azure": "azure-openai",
    "azure_ai": "azure-openai",
    "vertex_ai": "google-vertex",
    "gemini": "google-gemini",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "text-completion-openai": "openai",
}

PROJECT = """
with typed as (
  select
    *,
    try_cast(spend as decimal(38, 12)) as amount,
    try_cast(prompt_tokens as decimal(38, 12)) as sent,
    try_cast(completion_tokens as decimal(38, 12)) as received,
    date_trunc('day', try_cast(date as timestamptz) at time zone 'UTC') as started_at
  from charge_raw
)
select
  line,
  md5(concat_ws('|', coalesce(team_id, '-'), date, coalesce(api_key, '-'), coalesce(model, '-'),
    coalesce(model_group, '-'), coalesce(custom_llm_provider, '-'), coalesce(endpoint, '-'),
    coalesce(mcp_namespaced_tool_name, '-'))) || '/' || coalesce(strftime(started_at, '%Y-%m'), '') as charge_key,
  'estimated' as cost_basis,
  coalesce(
    list_extract($vendors::varchar[], list_position($providers::varchar[], custom_llm_provider)),
    custom_llm_provider,
    'unknown'
  ) as provider_name,
  'LiteLLM' as invoice_issuer,
  'litellm' as billing_account_id,
  coalesce(team_id, 'unknown') as vendor_account_id,
  coalesce(model, model_group, 'unknown') as usage_type,
  coalesce(endpoint, 'unknown') as operation,
  coalesce(api_key, 'unknown') as credential_id,
  'Usage' as charge_category,
  started_at as period_start_at,
  started_at + interval 1 day as period_end_at,
  amount as billed_cost,
  amount as effective_cost,
  'USD' as currency,
  (coalesce(sent, 0) + coalesce(received, 0))::decimal(38, 12) as quantity,
  'tokens' as unit,
  cast(null as varchar) as tags_first,
  cast(null as varchar) as tags_second,
  tag_columns as tags_third,
  false as skipped,
  case
    when amount is null then 'spend ' || coalesce('''' || spend || '''', 'is empty') || ': not an amount'
    when started_at is null then 'date ' || coalesce('''' || date || '''', 'is empty') || ': not a date'
  end as problem
from typed
"""


class LitellmTeamSpend:
    """What a LiteLLM proxy reckons that each team spent."""

    id = "litellm_team_spend"
    title = "LiteLLM spend by day and team (estimates)"
    tables = ("charge",)

    def sniff(self, head: Head) -> float:
        """A header or a record with the team table's own columns."""
        if head.begins_json:
            found = {name for name in REQUIRED if re.search(rb'"%s"\s*:' % name.encode(), head.data)}
            return 0.95 if found == REQUIRED else 0.0
        return 0.95 if set(header_of(head)[1]) >= REQUIRED else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where the object is neither JSON nor CSV."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        parameters = {"providers": list(VENDORS), "vendors": list(VENDORS.values())}
        delimiter = header_of(item.head)[0]
        recipe = Recipe(self.id, FIELDS, str.casefold, PROJECT, delimiter=delimiter, parameters=parameters)
        return normalise_charges(engine, item, recipe)


FORMAT = LitellmTeamSpend()
