r"""Anthropic usage: saved pages of `GET /v1/organizations/usage_report/messages`.

Real shape, pages one after another::

    {"data":[{"starting_at":"2026-10-14T00:00:00Z","ending_at":"2026-10-15T00:00:00Z","results":[
      {"uncached_input_tokens":60000,"cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":9000},
       "cache_read_input_tokens":30000,"output_tokens":12000,"server_tool_use":{"web_search_requests":2},
       "api_key_id":"apikey_01Ab","workspace_id":"wrkspc_01Ab","model":"claude-sonnet-4-6","service_tier":"standard",
       "context_window":"0-200k","inference_geo":"us"}]}],"has_more":false,"next_page":null}

===============================  ======================================================================================
field                            becomes
===============================  ======================================================================================
`starting_at` of the bucket      `called_at`
`model`                          `model`
`workspace_id`                   `account_id`: null is the default workspace where the page has other ones, `default`
`api_key_id`                     `credential`; null is use in the Workbench
`inference_geo`                  `processing_region`, the provider's own record; `global` and `not_available` name no
                                 place and are `unknown`
`uncached_input_tokens`,         `input_tokens`, added
`cache_creation`, cache reads
`cache_read_input_tokens`        `cached_tokens`
`output_tokens`                  `output_tokens`
===============================  ======================================================================================

The report has tokens and no requests: `calls` is 0. A result without tokens is no row. A bucket without a time (2000 to
2100) or a result whose tokens are no counts is refused and counted. A geography that is new is kept as it is written.

Sources: https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-messages-usage-report
Doubts: pages of the same days that are grouped differently tell of the same tokens; save them grouped one way only.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shadowscan.collect.formats._call_rows import (
    REFUSED,
    Reading,
    count_of,
    insert_reading,
    moment_of,
    usage_results,
    word_of,
)
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_RESULT = re.compile(rb'"uncached_input_tokens"\s*:')
_BUCKET = re.compile(rb'"starting_at"\s*:')
NO_PLACE = frozenset({"global", "not_available"})


class AnthropicUsage:
    """Use of an Anthropic organization by bucket, workspace, key, model and place."""

    id = "anthropic_usage"
    title = "Anthropic usage (usage_report/messages pages)"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """Buckets of token counts in JSON."""
        is_json = head.begins_json
        return 0.96 if is_json and _BUCKET.search(head.data) and _RESULT.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert use; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, _read(item)) for item in items}


FORMAT = AnthropicUsage()


def _read(item: LocalObject) -> Reading:
    reading = Reading()
    for line, (bucket, result, told) in enumerate(usage_results(item, reading), 1):
        try:
            columns = _use(bucket, result, has_workspaces="workspace_id" in told)
            if columns["input_tokens"] or columns["output_tokens"]:
                reading.add(line, columns)
        except REFUSED as error:
            reading.refuse(line, error)
    return reading


def _use(bucket: Mapping[str, Any], result: Mapping[str, Any], *, has_workspaces: bool) -> dict[str, Any]:
    place, read = word_of(result.get("inference_geo")), count_of(result.get("cache_read_input_tokens"))
    written = sum(count_of(tokens) for tokens in (result.get("cache_creation") or {}).values())
    return {
        "called_at": moment_of(bucket["starting_at"]),
        "vendor_id": "anthropic",
        "service": "messages",
        "model": word_of(result.get("model")),
        "account_id": word_of(result.get("workspace_id")) or ("default" if has_workspaces else None),
        "credential": word_of(result.get("api_key_id")),
        "processing_region": None if place in NO_PLACE else place,
        "seen_in": "usage_report",
        "calls": 0,
        "input_tokens": count_of(result["uncached_input_tokens"]) + written + read,
        "cached_tokens": read,
        "output_tokens": count_of(result.get("output_tokens")),
    }
