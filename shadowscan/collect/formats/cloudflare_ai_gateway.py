r"""Cloudflare AI Gateway: saved pages of `GET /accounts/…/ai-gateway/gateways/…/logs`, or their logs alone.

Real shape, a page::

    {"result":[{"id":"01JADMCQQQBWH3NXZ5GCRN98DP","created_at":"2026-10-02T01:55:04.120Z","provider":"openai",
      "model":"gpt-4.1","model_type":"chat","path":"chat/completions","request_type":"chat","status_code":200,
      "success":true,"cached":false,"tokens_in":900,"tokens_out":120,"cost":0.0042,"custom_cost":false,"duration":812,
      "step":0,"metadata":"{\"team\":\"search\"}"}],
     "result_info":{"count":1,"page":1,"per_page":50,"total_count":1},"success":true}

===========================  ==========================================================================================
field                        becomes
===========================  ==========================================================================================
`created_at`                 `called_at`; without a zone it is UTC
`provider`                   `vendor_id`, in the words of the catalogue
`model`                      `model`; of Bedrock without the geography in front, which is `profile_prefix`
`id`                         `request_id`: the gateway's own
`tokens_in` `tokens_out`     `input_tokens` `output_tokens`
`success`                    `failed_calls`: false is an attempt
`cached`                     a call that the gateway answered itself went to no vendor, and is passed by
the source's `account_id`    `account_id`
===========================  ==========================================================================================

Every log is `via` the gateway. It names no caller, and no region: where the prompt ran is not in it. `metadata`, heads
and bodies of requests and responses are not looked at. A log without a time (2000 to 2100) or model is refused and
counted. `line` counts logs.

Sources: https://developers.cloudflare.com/api/resources/ai_gateway/subresources/logs/methods/list/
Doubts: Logpush of `ai_gateway_events`, whose names and encrypted bodies are others, is not read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shadowscan.collect.formats._bedrock_model import model_of, profile_of
from shadowscan.collect.formats._call_rows import (
    REFUSED,
    Reading,
    count_of,
    insert_reading,
    moment_of,
    word_of,
)
from shadowscan.collect.formats._json_documents import read_records
from shadowscan.collect.formats._provider import vendor_of
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

OURS = (b'"created_at"', b'"provider"', b'"model"', b'"cached"', b'"tokens_in"', b'"tokens_out"')


class CloudflareAiGateway:
    """Calls that went through Cloudflare's gateway."""

    id = "cloudflare_ai_gateway"
    title = "Cloudflare AI Gateway logs (API pages)"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """JSON with every field that a log has."""
        is_json = head.begins_json
        return 0.94 if is_json and all(name in head.data for name in OURS) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert calls; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, _read(item)) for item in items}


FORMAT = CloudflareAiGateway()


def _read(item: LocalObject) -> Reading:
    reading = Reading()
    for line, record in read_records(item, "result"):
        try:
            columns = _call(record)
            if record.get("cached") is not True:
                reading.add(line, columns | {"account_id": item.options.get("account_id")})
        except REFUSED as error:
            reading.refuse(line, error)
    return reading


def _call(record: Mapping[str, Any]) -> dict[str, Any]:
    vendor, model = vendor_of(word_of(record["provider"]) or ""), word_of(record["model"])
    if not model:
        raise ValueError("no model is named")
    is_bedrock = vendor == "aws-bedrock"
    return {
        "called_at": moment_of(record["created_at"]),
        "vendor_id": vendor,
        "service": word_of(record.get("request_type")),
        "model": model_of(model) if is_bedrock else model,
        "profile_prefix": profile_of(model) if is_bedrock else "none",
        "via": "gateway",
        "seen_in": "gateway",
        "request_id": word_of(record.get("id")),
        "failed_calls": int(record.get("success") is False),
        "input_tokens": count_of(record.get("tokens_in")),
        "output_tokens": count_of(record.get("tokens_out")),
    }
