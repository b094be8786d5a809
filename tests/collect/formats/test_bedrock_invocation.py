"""Bedrock's model invocation logs on a real DuckDB."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.bedrock_invocation import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect


def call(**changes: object) -> str:
    base: dict[str, object] = {
        "timestamp": "2026-10-02T01:55:04Z",
        "accountId": "222222222222",
        "region": "eu-central-1",
        "requestId": "r-1",
        "operation": "Converse",
        "modelId": "eu.amazon.nova-lite-v1:0",
        "input": {"inputBodyJson": {"messages": []}, "inputTokenCount": 10},
        "output": {"outputTokenCount": 2},
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
    }
    return json.dumps(base | changes)


def test_normalise_when_sample_then_calls_with_tokens_and_place(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "bedrock_invocation.json")

    assert store.query(
        "select model, profile_prefix, processing_region, input_tokens, cached_tokens, output_tokens from model_call"
    ).rows == [
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", "eu-north-1", 1250, 300, 120),
        ("9vq1x0", "unknown", "unknown", 40, 0, 8),
        ("amazon.titan-embed-text-v2:0", "none", "unknown", 12, 0, 0),
    ]
    assert store.query("select failed_calls, principal, region, request_id, seen_in from model_call limit 1").rows == [
        (
            0,
            "arn:aws:sts::222222222222:assumed-role/RankerRole/i-0abc",
            "eu-central-1",
            "d37e9f1a-0002",
            "invocation_log",
        )
    ]


def test_normalise_when_the_first_line_is_longer_than_the_head_then_recognised(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    long = {"inputBodyJson": {"text": "x" * 100_000}, "inputTokenCount": 10}
    first = {"schemaType": "ModelInvocationLog", **json.loads(call(input=long))}
    (tmp_path / "a.json").write_text(json.dumps(first) + "\n" + call() + "\n")

    collect_paths(tmp_path)

    assert store.query("select count(*), sum(input_tokens) from model_call").rows == [(2, 20)]


def test_normalise_when_lines_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = ["{", call(timestamp="soon"), call(modelId=None), call(schemaType="Other")]
    (tmp_path / "a.json").write_text("\n".join([call(), *bad, call(input="none", output=[1])]) + "\n")

    [report] = collect_paths("bedrock-invocation=" + str(tmp_path / "a.json"))

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables["model_call"] + report.outcome.rejected == 6
    assert report.outcome.rejected >= 4


def test_normalise_when_tokens_are_absurd_then_none(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    (tmp_path / "a.json").write_text(call(output={"outputTokenCount": -5}) + "\n" + call(errorCode="Throttled") + "\n")

    collect_paths(tmp_path)

    assert store.query("select output_tokens, failed_calls from model_call order by line").rows == [(0, 0), (2, 1)]


def test_normalise_when_out_of_cloudwatch_then_the_same_call(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    event = {"eventId": "1", "ingestionTime": 1, "logStreamName": "aws/bedrock/modelinvocations", "timestamp": 1}
    (tmp_path / "a.json").write_text(json.dumps({"events": [event | {"message": call()}]}))

    collect_paths(tmp_path)

    assert store.query("select model, profile_prefix from model_call").rows == [("amazon.nova-lite-v1:0", "eu")]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"schemaType":"ModelInvocationLog"', b"[" * 5000):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
