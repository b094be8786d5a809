"""CloudTrail on a real DuckDB: which events are model calls, and where the log says they ran."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.aws_cloudtrail import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect


def event(**changes: object) -> dict[str, Any]:
    base: dict[str, object] = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::222222222222:assumed-role/R/i-0"},
        "eventTime": "2026-10-02T01:55:04Z",
        "eventSource": "bedrock.amazonaws.com",
        "eventName": "InvokeModel",
        "awsRegion": "eu-central-1",
        "requestParameters": {"modelId": "anthropic.claude-sonnet-4-5"},
        "requestID": "r-1",
        "recipientAccountId": "222222222222",
    }
    return base | changes


def write_document(path: Path, *events: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"Records": list(events)}, separators=(",", ":")))
    return path


def test_normalise_when_sample_then_the_model_calls_and_nothing_else(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "aws_cloudtrail.json")

    assert store.query("select line, vendor_id, service, model, profile_prefix, region from model_call").rows == [
        (1, "aws-bedrock", "runtime", "anthropic.claude-sonnet-4-5-20250929-v1:0", "global", "eu-central-1"),
        (2, "aws-bedrock", "runtime", "anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", "eu-central-1"),
        (3, "aws-bedrock", "runtime", "9vq1x0", "unknown", "eu-central-1"),
        (4, "aws-bedrock", "runtime", "anthropic.claude-sonnet-4-5-20250929-v1:0", "none", "eu-central-1"),
        (5, "aws-bedrock", "mantle", "openai.gpt-oss-120b", "unknown", "eu-central-1"),
        (6, "anthropic", "claude_platform_aws", "unknown", "unknown", "eu-west-1"),
        (7, "aws-sagemaker", "endpoint", "llama-prod", "none", "eu-west-1"),
    ]
    assert store.query("select processing_region, request_id, account_id, seen_in from model_call limit 1").rows == [
        ("ap-southeast-4", "d37e9f1a-0001", "222222222222", "cloud_audit")
    ]
    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0


def test_normalise_when_access_was_denied_then_an_attempt_that_failed(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "aws_cloudtrail.json")

    assert store.query("select line, calls, failed_calls from model_call where failed_calls > 0").rows == [(4, 1, 1)]


@pytest.mark.parametrize(
    ("model_id", "prefix", "model"),
    [
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("us-gov.anthropic.claude-3-haiku-v1:0", "us-gov", "anthropic.claude-3-haiku-v1:0"),
        ("mx.amazon.nova-lite-v1:0", "mx", "amazon.nova-lite-v1:0"),
        ("deepseek.v3.1", "none", "deepseek.v3.1"),
        ("zai.glm-4.7", "none", "zai.glm-4.7"),
        ("openai.gpt-5.5", "none", "openai.gpt-5.5"),
        ("arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0", "none", "amazon.nova-pro-v1:0"),
        ("arn:aws:bedrock:eu-west-1:1:default-prompt-router/meta.llama:1", "unknown", "meta.llama:1"),
        ("", "none", "unknown"),
    ],
)
def test_model_when_it_has_a_geography_then_told_apart(
    model_id: str, prefix: str, model: str, tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    collect_paths(write_document(tmp_path / "a.json", event(requestParameters={"modelId": model_id})))

    assert store.query("select profile_prefix, model from model_call").rows == [(prefix, model)]


def test_normalise_when_no_model_is_named_then_nothing_says_that_processing_stays(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    collect_paths(write_document(tmp_path / "a.json", event(requestParameters=None), event(requestParameters="hidden")))

    assert store.query("select model, profile_prefix from model_call").rows == [("unknown", "unknown")] * 2


def test_normalise_when_lines_array_gzip_or_document_then_the_same_calls(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    events = [event(requestID=f"r-{number}") for number in range(4000)]
    write_document(tmp_path / "document.json", *events)
    (tmp_path / "zipped.json.gz").write_bytes(gzip.compress((tmp_path / "document.json").read_bytes() + b"\n"))
    (tmp_path / "lines.json").write_text("\n".join(json.dumps(one) for one in events))
    (tmp_path / "pretty.json").write_text(json.dumps({"Records": events}, indent=2))

    collect_paths(tmp_path)

    assert store.query("select count(*), count(distinct source_id) from model_call").rows == [(16_000, 4)]
    assert store.query("select count(*) from model_call where request_id <> 'r-' || (line - 1)").rows == [(0,)]


def test_normalise_when_a_string_holds_the_beginning_of_a_record_then_it_is_cut_nowhere(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    agent = '},{"eventVersion":"1.11","eventTime":'

    collect_paths(write_document(tmp_path / "a.json", event(userAgent=agent), event(userAgent=agent)))

    assert store.query("select count(*) from model_call").rows == [(2,)]


def test_normalise_when_events_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = [event(eventTime="yesterday"), event(eventTime="1970-01-01T00:00:00Z"), event(eventSource=None)]

    [report] = collect_paths(write_document(tmp_path / "a.json", event(), *bad, event()))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["model_call"], report.outcome.rejected) == (2, 3)
    assert "record 2: the time of the call is none" in report.outcome.reason


def test_normalise_when_the_schema_changes_half_way_then_what_is_told_still_is(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    changed = event(requestParameters={"modelId": {"id": "x"}, "new": [1]}, additionalEventData="none", userIdentity=[])

    [report] = collect_paths(write_document(tmp_path / "a.json", event(), changed, event()))

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables["model_call"] + report.outcome.rejected == 3
    assert store.query("select count(*) from model_call where processing_region <> 'unknown'").rows == [(0,)]


def test_normalise_when_the_document_is_cut_then_said(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    path = write_document(tmp_path / "a.json", *[event() for _ in range(50)])
    path.write_text(path.read_text()[:-200])

    [report] = collect_paths(path)

    assert isinstance(report.outcome, Collected | Partial)
    assert report.outcome.rejected >= 1
    assert store.query("select count(*) from model_call").rows == [(49,)]


def test_normalise_when_delivered_to_s3_then_the_path_says_what_the_event_does_not(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    folder = tmp_path / "AWSLogs" / "470100000011" / "CloudTrail" / "eu-west-3" / "2026"
    folder.mkdir(parents=True)
    write_document(folder / "a.json", event(recipientAccountId=None, awsRegion=None))

    collect_paths(tmp_path)

    assert store.query("select account_id, region from model_call").rows == [("470100000011", "eu-west-3")]


def test_normalise_when_the_key_is_temporary_then_no_credential(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    keys = [kind + "IA" + "X" * 16 for kind in ("AK", "AS")]

    collect_paths(write_document(tmp_path / "a.json", *[event(userIdentity={"accessKeyId": key}) for key in keys]))

    assert store.query("select credential from model_call order by line").rows == [(keys[0],), ("unknown",)]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"Records":[{"eventVersion":', b"[" * 5000):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
