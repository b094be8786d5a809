"""LiteLLM's log of calls on a real DuckDB."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats._provider import BY_NAME, create_vendor_of, vendor_of
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.litellm_spend_logs import FORMAT
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect


def row(**changes: object) -> str:
    base: dict[str, object] = {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "startTime": "2026-10-02T01:55:04",
        "model": "gpt-4.1",
        "custom_llm_provider": "openai",
        "spend": 0.1,
        "prompt_tokens": 10,
        "completion_tokens": 2,
    }
    return json.dumps(base | changes)


def test_normalise_when_sample_then_what_went_on_to_a_vendor(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "litellm_spend_logs.json")

    assert store.query(
        "select line, vendor_id, model, profile_prefix, region, failed_calls from model_call order by line"
    ).rows == [
        (1, "aws-bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", "eu-central-1", 0),
        (2, "openai", "gpt-4.1", "none", "unknown", 0),
        (3, "azure-openai", "gpt-4o-eu", "none", "unknown", 1),
        (4, "google-vertex", "gemini-2.5-flash", "unknown", "europe-west4", 0),
    ]
    assert store.query(
        "select account_id, principal, via, seen_in, input_tokens, output_tokens from model_call where line = 1"
    ).rows == [("0b1c-search", "ranker", "gateway", "gateway", 900, 120)]


def test_normalise_when_the_key_is_no_hash_then_it_is_not_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    clear = "not" + "-a-hash"
    (tmp_path / "a.json").write_text(row(api_key=clear) + "\n" + row(api_key="9f" * 32) + "\n")

    collect_paths(tmp_path)

    assert store.query("select credential from model_call order by line").rows == [("unknown",), ("9f" * 32,)]


def test_normalise_when_rows_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = ["{", row(startTime="then"), row(model=""), row(model=None)]
    (tmp_path / "a.json").write_text("\n".join([row(), *bad, row()]) + "\n")

    [report] = collect_paths("litellm-spend-logs=" + str(tmp_path / "a.json"))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["model_call"], report.outcome.rejected) == (2, 4)


def test_vendor_of_when_asked_in_sql_then_as_in_python(store: Store) -> None:
    create_vendor_of(store.engine)
    names = [*BY_NAME, "OpenAI", "new_provider"]

    found = store.query("select vendor_of(name) from (select unnest($names) as name)", {"names": names}).rows

    assert [vendor for (vendor,) in found] == [vendor_of(name) for name in names]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"request_id":', b"[" * 5000):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
