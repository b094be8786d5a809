r"""OpenAI usage: saved pages of `GET /v1/organization/usage/…` (completions, embeddings, images, audio, moderations).

Real shape, pages one after another::

    {"object":"page","data":[{"object":"bucket","start_time":1791936000,"end_time":1792022400,"results":[
      {"object":"organization.usage.completions.result","input_tokens":90000,"output_tokens":12000,
       "input_cached_tokens":30000,"num_model_requests":100,"project_id":"proj_k3","user_id":null,
       "api_key_id":"key_gw","model":"gpt-4.1-2025-04-14","batch":false,"service_tier":null}]}],
     "has_more":false,"next_page":null}

===============================  ======================================================================================
field                            becomes
===============================  ======================================================================================
`start_time` of the bucket       `called_at`
`model`                          `model`
`project_id`                     `account_id`
`user_id`                        `principal`
`api_key_id`                     `credential`
`num_model_requests`             `calls`; a result without requests is no row
`input_tokens`                   `input_tokens`; those out of a cache and written to one are in it
`input_cached_tokens`            `cached_tokens`
`output_tokens`                  `output_tokens`
the word in `object`             `service`: `completions`, `embeddings`, …
===============================  ======================================================================================

OpenAI says no region here: `region` and `processing_region` are `unknown`, whatever the project's residency. Counts of
vector stores, code interpreter, file and web searches are no calls of a model, and are passed by. A result without
counts or a bucket without a time (2000 to 2100) is refused and counted.

Sources: the types `usage_completions_response` of the openai package 3.57.0;
https://platform.openai.com/docs/api-reference/usage
Doubts: pages of the same days that are grouped differently tell of the same calls; save them grouped one way only.
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

_RESULT = re.compile(rb'"object"\s*:\s*"organization\.usage\.[a-z_]+\.result"')
_KIND = re.compile(r"organization\.usage\.(\w+)\.result")


class OpenaiUsage:
    """Use of an OpenAI organization by bucket, project, key and model."""

    id = "openai_usage"
    title = "OpenAI usage (organization/usage pages)"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """A usage result in JSON."""
        return 0.96 if head.begins_json and _RESULT.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert calls; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, _read(item)) for item in items}


FORMAT = OpenaiUsage()


def _read(item: LocalObject) -> Reading:
    reading = Reading()
    for line, (bucket, result, _) in enumerate(usage_results(item, reading), 1):
        try:
            columns = _call(bucket, result)
            if columns["calls"]:
                reading.add(line, columns)
        except REFUSED as error:
            reading.refuse(line, error)
    return reading


def _call(bucket: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    kind = _KIND.fullmatch(result["object"])
    if kind is None:
        raise ValueError("no usage result")
    return {
        "called_at": moment_of(bucket["start_time"]),
        "vendor_id": "openai",
        "service": kind[1],
        "model": word_of(result.get("model")),
        "account_id": word_of(result.get("project_id")),
        "principal": word_of(result.get("user_id")),
        "credential": word_of(result.get("api_key_id")),
        "seen_in": "usage_report",
        "calls": count_of(result.get("num_model_requests")),
        "input_tokens": count_of(result.get("input_tokens")),
        "cached_tokens": count_of(result.get("input_cached_tokens")),
        "output_tokens": count_of(result.get("output_tokens")),
    }
