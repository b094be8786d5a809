"""Usage pages of OpenAI and Anthropic on a real DuckDB."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats import anthropic_usage, openai_usage
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect


def openai_page(**changes: object) -> dict[str, Any]:
    result = {"object": "organization.usage.completions.result", "input_tokens": 5, "num_model_requests": 1}
    return {"object": "page", "data": [{"start_time": 1791936000, "results": [result | changes]}]}


def anthropic_page(**changes: object) -> dict[str, Any]:
    result: dict[str, object] = {"uncached_input_tokens": 5, "output_tokens": 1, "model": "claude-sonnet-4-6"}
    return {"data": [{"starting_at": "2026-10-14T00:00:00Z", "results": [result | changes]}]}


def test_openai_when_sample_then_calls_and_tokens_and_no_region(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "openai_usage.json")

    assert store.query(
        "select line, service, model, account_id, credential, calls, input_tokens, cached_tokens, output_tokens "
        "from model_call order by line"
    ).rows == [
        (1, "completions", "gpt-4.1-2025-04-14", "proj_k3", "key_gw", 100, 90000, 30000, 12000),
        (2, "completions", "gpt-5", "proj_x9", "key_x9", 3, 700, 0, 50),
        (3, "embeddings", "text-embedding-3-large", "proj_k3", "key_gw", 8, 4000, 0, 0),
    ]
    assert store.query("select distinct region, processing_region, seen_in, vendor_id from model_call").rows == [
        ("unknown", "unknown", "usage_report", "openai")
    ]


def test_anthropic_when_sample_then_the_place_is_the_providers_word(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "anthropic_usage.json")

    assert store.query(
        "select line, model, account_id, credential, processing_region, calls, input_tokens, cached_tokens "
        "from model_call order by line"
    ).rows == [
        (1, "claude-sonnet-4-6", "wrkspc_01Ab", "apikey_01Ab", "us", 0, 99000, 30000),
        (2, "claude-opus-4-8", "default", "unknown", "unknown", 0, 800, 0),
        (3, "claude-haiku-3", "wrkspc_02Cd", "apikey_01Ab", "unknown", 0, 10, 0),
    ]


@pytest.mark.parametrize(
    "page",
    [
        openai_page(num_model_requests="many"),
        openai_page(num_model_requests=-1),
        openai_page(input_tokens=1 << 70),
        openai_page(model={"id": "x"}),
        openai_page(object="organization.costs.result"),
        {"object": "page", "data": None},
        {"object": "page", "data": [{"start_time": 99999999999, "results": openai_page()["data"][0]["results"]}]},
        ["page"],
    ],
)
def test_openai_when_a_page_is_bad_then_refused_and_the_others_are_read(
    page: Any, tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    pages = [openai_page(), page, openai_page()]
    (tmp_path / "a.json").write_text("\n".join(json.dumps(one) for one in pages))

    [report] = collect_paths("openai-usage=" + str(tmp_path / "a.json"))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["model_call"], report.outcome.rejected) == (2, 1)


@pytest.mark.parametrize(
    "changes",
    [{"uncached_input_tokens": None, "output_tokens": "x"}, {"cache_creation": 7}, {"inference_geo": ["us"]}],
)
def test_anthropic_when_a_result_is_bad_then_refused(
    changes: dict[str, object], tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(anthropic_page(**changes)) + "\n" + json.dumps(anthropic_page()))

    [report] = collect_paths("anthropic-usage=" + str(tmp_path / "a.json"))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["model_call"], report.outcome.rejected) == (1, 1)


def test_anthropic_when_the_place_is_new_then_kept_as_written(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(anthropic_page(inference_geo="mars")))

    collect_paths(tmp_path)

    assert store.query("select processing_region from model_call").rows == [("mars",)]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for form in (openai_usage.FORMAT, anthropic_usage.FORMAT):
        for prefix in (b"", b'{"object":"page"', b"[" * 5000):
            assert 0 <= form.sniff(Head("x", prefix + data)) <= 1
