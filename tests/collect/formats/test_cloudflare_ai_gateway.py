"""Logs of Cloudflare's AI Gateway on a real DuckDB."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.cloudflare_ai_gateway import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect


def log(**changes: object) -> dict[str, Any]:
    base = {"id": "01J", "created_at": "2026-10-02T01:55:04Z", "provider": "openai", "model": "gpt-4.1"}
    return base | {"cached": False, "success": True, "tokens_in": 9, "tokens_out": 1} | changes


def test_normalise_when_sample_then_what_went_on_to_a_vendor(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "cloudflare_ai_gateway.json")

    assert store.query(
        "select line, vendor_id, model, profile_prefix, failed_calls, input_tokens, via, region from model_call "
        "order by line"
    ).rows == [
        (1, "openai", "gpt-4.1", "none", 0, 900, "gateway", "unknown"),
        (2, "aws-bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", 1, 900, "gateway", "unknown"),
        (4, "google-gemini", "gemini-2.5-flash", "none", 0, 900, "gateway", "unknown"),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"created_at": "then"}, {"model": ""}, {"model": None}, {"provider": ["openai"]}, {"tokens_in": -1}],
)
def test_normalise_when_a_log_is_bad_then_refused_and_the_others_are_read(
    changes: dict[str, object], tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"result": [log(), log(**changes), log()]}))

    [report] = collect_paths(tmp_path / "a.json")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["model_call"], report.outcome.rejected) == (2, 1)


def test_normalise_when_the_source_says_the_account_then_it_is_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.json").write_text(json.dumps([log()]))

    collect_paths(tmp_path / "a.json", account_id="acc-1")

    assert store.query("select account_id from model_call").rows == [("acc-1",)]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"result":[', b"[" * 5000):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
