r"""OpenTelemetry spans of model calls: OTLP JSON, as the collector's file exporter writes it. Messages are not kept.

Real shape, a batch of spans a line, one span of it::

    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"ranker"}}]},
     "scopeSpans":[{"scope":{"name":"opentelemetry.instrumentation.openai_v2"},"spans":[{"traceId":"5b8e…","spanId":
     "eee1…","name":"chat gpt-4.1","kind":3,"startTimeUnixNano":"1790906104000000000","attributes":[
      {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
      {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
      {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4.1"}},
      {"key":"gen_ai.usage.input_tokens","value":{"intValue":"900"}}],"status":{}}]}]}]}

=========================================  ============================================================================
attribute, new name or old                 becomes
=========================================  ============================================================================
`startTimeUnixNano`                        `called_at`
`gen_ai.provider.name` `gen_ai.system`     `vendor_id`, in the words of the catalogue
`gen_ai.request.model`, else               `model`; of Bedrock without the geography in front, which is
`gen_ai.response.model`                    `profile_prefix`
`gen_ai.operation.name`                    `service`; agents and tools call no model, and are passed by
`llm.request.type`
`gen_ai.usage.input_tokens`                `input_tokens`
`gen_ai.usage.prompt_tokens`
`gen_ai.usage.output_tokens`               `output_tokens`
`gen_ai.usage.completion_tokens`
`gen_ai.usage.cache_read.input_tokens`     `cached_tokens`
`gen_ai.usage.cache_read_input_tokens`
`server.address`                           `region`, where the host has one
`aws.request_id`, else                     `request_id`
`gen_ai.response.id`
`error.type`, or a status of error         `failed_calls`
`service.name` `cloud.account.id`          `principal` `account_id`, of the resource
=========================================  ============================================================================

A span is a call where it has a provider or model and an operation that calls one. Spans of kind server and consumer are
the other end of a call, and passed by, as all other spans are. No other attribute is looked at: messages, prompts,
completions, instructions and tool arguments are attributes or events, and dropped with the record they came in. A span
of a call without a time (2000 to 2100), or whose tokens are no counts, is refused and counted. `line` counts spans.

Sources: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/,
https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
Doubts: two libraries that both trace one call (a framework and an SDK) give two spans.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shadowscan.collect.formats._bedrock_model import model_of, profile_of
from shadowscan.collect.formats._call_rows import REFUSED, Reading, count_of, insert_reading, word_of
from shadowscan.collect.formats._json_lines import Refused, add_refused, read_records, sample_records
from shadowscan.collect.formats._provider import vendor_of
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

PROVIDER = ("gen_ai.provider.name", "gen_ai.system")
MODEL = ("gen_ai.request.model", "gen_ai.response.model")
OPERATION = ("gen_ai.operation.name", "llm.request.type")
INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
OUTPUT = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
CACHED = ("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens")
REQUEST = ("aws.request_id", "gen_ai.response.id")
HOST, ERROR = ("server.address",), ("error.type",)
KEPT = frozenset({*PROVIDER, *MODEL, *OPERATION, *INPUT, *OUTPUT, *CACHED, *REQUEST, *HOST, *ERROR})
OF_RESOURCE = frozenset({"service.name", "cloud.account.id"})

CALLS = frozenset({"chat", "completion", "text_completion", "generate_content", "embeddings", "embedding", "rerank"})
OTHER_END = frozenset({2, 5, "SPAN_KIND_SERVER", "SPAN_KIND_CONSUMER"})
FAILED = frozenset({2, "STATUS_CODE_ERROR"})
_REGION = re.compile(r"[./]?([a-z]{2,4}(?:-[a-z]+)+-\d)\.(?:amazonaws|api\.aws)|^([a-z]+-[a-z]+\d+)-aiplatform\.")
_START = re.compile(rb'\A\s*\{\s*"resourceSpans"\s*:')


class OtlpGenai:
    """Model calls among the spans of traces."""

    id = "otlp_genai"
    title = "OpenTelemetry traces (OTLP JSON), GenAI spans"
    tables = ("model_call",)

    def sniff(self, head: Head) -> float:
        """Share of the first records that are batches of spans; one batch may be longer than the head."""
        records = sample_records(head)
        hits = sum(isinstance(record.get("resourceSpans"), list) for record in records)
        return round(0.97 * hits / len(records), 2) if records else (0.9 if _START.match(head.data) else 0.0)

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert the calls among the spans."""
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = OtlpGenai()


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    reading, refused = Reading(), Refused()
    for line, (resource, span) in enumerate(_spans(item, reading, refused), 1):
        try:
            columns = _call(span)
            if columns:
                reading.add(line, columns | resource)
        except REFUSED as error:
            reading.refuse(line, error)
    return add_refused(insert_reading(engine, item, reading), refused)


def _spans(item: LocalObject, reading: Reading, refused: Refused) -> Iterator[tuple[dict[str, Any], Any]]:
    for number, record in read_records(item, refused):
        try:
            found = [pair for batch in record["resourceSpans"] for pair in _of_batch(batch)]
        except REFUSED as error:
            reading.refuse(number, error)
            continue
        yield from found


def _of_batch(batch: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    known = _attributes((batch.get("resource") or {}).get("attributes"), OF_RESOURCE)
    resource = {"principal": known.get("service.name"), "account_id": known.get("cloud.account.id")}
    for scope in batch.get("scopeSpans") or batch.get("instrumentationLibrarySpans") or []:
        for span in scope.get("spans") or []:
            yield resource, span


def _attributes(attributes: Sequence[Mapping[str, Any]] | None, kept: frozenset[str]) -> dict[str, Any]:
    """The attributes that are kept, by name; a value that holds others is left out."""
    found = {}
    for attribute in attributes or []:
        if attribute["key"] in kept:
            value = next(iter(attribute["value"].values()), None)
            if isinstance(value, str | int | float):
                found[attribute["key"]] = value
    return found


def _call(span: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a span that is a call; empty for another."""
    if span.get("kind") in OTHER_END:
        return {}
    known = _attributes(span.get("attributes"), KEPT)
    operation, provider, model = (word_of(_first(known, names)) for names in (OPERATION, PROVIDER, MODEL))
    if not (provider or model) or (operation or "chat") not in CALLS:
        return {}
    vendor, region = vendor_of(provider or ""), _region(known)
    is_bedrock = vendor == "aws-bedrock"
    failed = "error.type" in known or (span.get("status") or {}).get("code") in FAILED
    return {
        "called_at": datetime.fromtimestamp(int(span["startTimeUnixNano"]) // 10**9, UTC),
        "vendor_id": vendor,
        "service": operation,
        "model": model_of(model) if model and is_bedrock else model,
        "profile_prefix": profile_of(model) if is_bedrock else "unknown" if region else "none",
        "region": region,
        "seen_in": "trace",
        "request_id": word_of(_first(known, REQUEST)),
        "failed_calls": int(failed),
        "input_tokens": count_of(_first(known, INPUT)),
        "cached_tokens": count_of(_first(known, CACHED)),
        "output_tokens": count_of(_first(known, OUTPUT)),
    }


def _first(known: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((known[name] for name in names if name in known), None)


def _region(known: Mapping[str, Any]) -> str | None:
    found = _REGION.search(str(_first(known, HOST) or ""))
    return (found[1] or found[2]) if found else None
