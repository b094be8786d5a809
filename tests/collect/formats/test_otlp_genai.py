"""GenAI spans of OTLP JSON on a real DuckDB."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats import _bedrock_model as bedrock
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.otlp_genai import FORMAT
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect


def attribute(key: str, value: object) -> dict[str, Any]:
    return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}


def span(**changes: object) -> dict[str, Any]:
    known = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1"}
    base = {"kind": 3, "startTimeUnixNano": "1790906104000000000"}
    return base | {"attributes": [attribute(key, value) for key, value in known.items()]} | changes


def write_batch(path: Path, *spans: object) -> Path:
    path.write_text(json.dumps({"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": list(spans)}]}]}) + "\n")
    return path


def test_normalise_when_sample_then_the_calls_under_new_names_and_old(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "otlp_genai.json")

    assert store.query(
        "select line, vendor_id, service, model, profile_prefix, region, principal, failed_calls from model_call "
        "order by line"
    ).rows == [
        (1, "openai", "chat", "gpt-4.1", "none", "unknown", "ranker", 0),
        (4, "aws-bedrock", "chat", "anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", "eu-central-1", "search", 0),
        (5, "google-vertex", "embeddings", "text-embedding-005", "unknown", "europe-west4", "search", 1),
    ]
    assert store.query("select request_id, input_tokens, output_tokens, account_id, seen_in from model_call").rows[
        :2
    ] == [("chatcmpl-9f1d", 900, 120, "222222222222", "trace"), ("d37e9f1a-0002", 40, 8, "222222222222", "trace")]


@pytest.mark.parametrize("kind", [2, 5, "SPAN_KIND_SERVER"])
def test_normalise_when_the_span_is_the_other_end_then_passed_by(
    kind: object, tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    collect_paths(write_batch(tmp_path / "a.json", span(kind=kind), span()))

    assert store.query("select line from model_call").rows == [(2,)]


@pytest.mark.parametrize(
    "bad",
    [
        span(startTimeUnixNano="soon"),
        span(startTimeUnixNano="0"),
        span(startTimeUnixNano=None),
        span(attributes=[{"key": "gen_ai.request.model", "value": "x"}]),
        span(attributes=[*span()["attributes"], attribute("gen_ai.usage.input_tokens", "many")]),
        "span",
    ],
)
def test_normalise_when_a_span_is_bad_then_refused_and_the_others_are_read(
    bad: object, tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    [report] = collect_paths(write_batch(tmp_path / "a.json", span(), bad, span()))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["model_call"], report.outcome.rejected) == (2, 1)


def test_model_of_bedrock_when_asked_in_sql_then_as_in_python(store: Store) -> None:
    bedrock.create_model_macros(store.engine)
    names = ["eu.anthropic.claude-3", "deepseek.v3.1", "us-gov.meta.llama", "a/prompt-router/x", "a/b.amazon.nova", ""]

    found = store.query("select profile_of(n), model_of(n) from (select unnest($names) as n)", {"names": names}).rows

    assert found == [(bedrock.profile_of(name), bedrock.model_of(name)) for name in names]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"resourceSpans":', b"[" * 5000):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
