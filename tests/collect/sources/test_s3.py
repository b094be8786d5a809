"""The S3 source over real HTTP, against a local server that speaks the protocol."""

import gzip
from pathlib import Path

import pytest

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.sources.s3 import SOURCE
from shadowscan.errors import BadInputError, TargetError
from shadowscan.model.outcome import Collected
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import Collect, flow_log, record


@pytest.fixture
def bucket(aws_endpoint: str) -> object:
    import boto3

    resource = boto3.resource("s3", endpoint_url=aws_endpoint).Bucket("acme-logs")
    resource.create()
    return resource


def names(target: str) -> list[str]:
    return [found.name for found in SOURCE.list_objects(target, Window(), {})]


def test_list_when_more_than_one_page_then_all_in_key_order(bucket: object) -> None:
    for number in range(1005):
        bucket.put_object(Key=f"a/{number:04}", Body=b"x")  # type: ignore[attr-defined]
    bucket.put_object(Key="a/", Body=b"")  # type: ignore[attr-defined]

    found = names("s3://acme-logs/a/")

    assert (len(found), found[0], found[-1]) == (1005, "s3://acme-logs/a/0000", "s3://acme-logs/a/1004")


def test_list_when_bucket_or_prefix_is_not_there_then_target_error(bucket: object) -> None:
    with pytest.raises(TargetError, match="no object below"):
        names("s3://acme-logs/nothing")
    with pytest.raises(TargetError, match="does not exist"):
        names("s3://no-such-bucket/x")


def test_fetch_when_object_changed_since_it_was_listed_then_refused(bucket: object, tmp_path: Path) -> None:
    bucket.put_object(Key="a", Body=b"one")  # type: ignore[attr-defined]
    [listed] = SOURCE.list_objects("s3://acme-logs/a", Window(), {})
    bucket.put_object(Key="a", Body=b"two")  # type: ignore[attr-defined]

    with pytest.raises(BadInputError, match="changed while it was read"):
        SOURCE.fetch("s3://acme-logs/a", listed, tmp_path, {})


def test_collect_when_from_s3_then_incremental_by_etag(bucket: object, store: Store, collect_paths: Collect) -> None:
    key = "AWSLogs/470100000011/vpcflowlogs/us-east-1/2026/08/01/a.log.gz"
    bucket.put_object(Key=key, Body=gzip.compress(flow_log(record())))  # type: ignore[attr-defined]
    bucket.put_object(Key="b.log.gz", Body=gzip.compress(flow_log(record(size=7))))  # type: ignore[attr-defined]

    collect_paths("s3://acme-logs/")
    bucket.put_object(Key="b.log.gz", Body=gzip.compress(flow_log(record(size=9))))  # type: ignore[attr-defined]
    [report] = collect_paths("s3://acme-logs/")

    assert isinstance(report.outcome, Collected)
    assert store.query("select sum(bytes)::bigint, count(*), any_value(region) from flow").rows[0][:2] == (109, 2)
    assert store.query("select object from source_object order by 1").rows[0] == (f"s3://acme-logs/{key}",)


def test_plan_when_s3_then_the_s3_source() -> None:
    assert [target.source for target in plan_targets(["s3://b/p", "focus=s3://b/q"]).targets] == ["s3", "s3"]
