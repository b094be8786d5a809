"""The CloudWatch Logs source over real HTTP, against a local server that speaks the protocol."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.sources import cloudwatch
from shadowscan.collect.sources.cloudwatch import SOURCE
from shadowscan.errors import BadInputError, TargetError
from shadowscan.model.outcome import Collected
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect, record

GROUP = "/aws/vpc/flow"
TARGET = f"cloudwatch:{GROUP}"
# An hour of this week, long closed: the server refuses events that are two weeks old.
HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)
WINDOW = Window(HOUR, HOUR + timedelta(hours=2))
QUESTION = (SAMPLES / "route53_resolver.json").read_text().splitlines()[0]


@pytest.fixture
def aws(aws_endpoint: str) -> Iterator[Any]:
    """A way to make clients of the server."""
    import boto3

    cloudwatch._client.cache_clear()
    yield lambda service: boto3.client(service, endpoint_url=aws_endpoint)
    cloudwatch._client.cache_clear()


def put(logs: Any, *messages: tuple[datetime, str], group: str = GROUP) -> None:
    """Write messages at their times into one stream of the group, made where it is missing."""
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="eni-0a-all")
    events = [{"timestamp": int(moment.timestamp() * 1000), "message": message} for moment, message in sorted(messages)]
    for first in range(0, len(events), 1000):
        logs.put_log_events(logGroupName=group, logStreamName="eni-0a-all", logEvents=events[first : first + 1000])


def names(window: Window = WINDOW) -> list[str]:
    return [found.name for found in SOURCE.list_objects(TARGET, window, {})]


def test_list_when_window_is_given_then_its_closed_hours_only(aws: Any) -> None:
    put(aws("logs"), (HOUR, "x"))

    assert names() == [f"{TARGET}/{HOUR:%Y-%m-%dT%H}", f"{TARGET}/{HOUR + timedelta(hours=1):%Y-%m-%dT%H}"]
    assert names(Window(datetime.now(UTC) - timedelta(minutes=10), None)) == []
    assert len(names(Window())) == 24


def test_list_when_group_is_not_there_then_target_error(aws: Any) -> None:
    put(aws("logs"), (HOUR, "x"), group=GROUP + "-other")

    with pytest.raises(TargetError, match="there is no log group"):
        names()


def test_fetch_when_many_pages_then_every_event_of_the_hour_once(aws: Any, tmp_path: Path) -> None:
    inside = [(HOUR + timedelta(milliseconds=number), f"message {number}") for number in range(2500)]
    edges = [(HOUR - timedelta(milliseconds=1), "before"), (HOUR + timedelta(hours=1), "after")]
    put(aws("logs"), *inside, *edges)
    [first, _] = SOURCE.list_objects(TARGET, WINDOW, {})

    lines = SOURCE.fetch(TARGET, first, tmp_path, {}).read_text().splitlines()

    assert sorted(json.loads(line)["message"] for line in lines) == sorted(message for _, message in inside)


def test_collect_when_flow_log_then_incremental_and_an_empty_hour_is_known(
    aws: Any, store: Store, collect_paths: Collect
) -> None:
    start = int(HOUR.timestamp())
    put(
        aws("logs"),
        (HOUR, record(start=start, size=1)),
        (HOUR + timedelta(minutes=59), record(start=start + 3540, size=2)),
    )

    first = collect_paths(TARGET, window=WINDOW)
    put(aws("logs"), (HOUR + timedelta(minutes=30), record(start=start, size=4)))
    again = collect_paths(TARGET, window=WINDOW)

    assert {report.format: report.outcome.tables for report in first if isinstance(report.outcome, Collected)} == {
        "aws_vpc_flow": {"flow": 2},
        "none": {},
    }
    assert all(isinstance(report.outcome, Collected) and report.outcome.unchanged for report in again)
    assert store.query("select sum(bytes)::bigint, count(*) from flow").rows == [(3, 2)]
    assert store.query("select object from source_object order by 1").rows[0] == (f"{TARGET}/{HOUR:%Y-%m-%dT%H}",)


def test_collect_when_the_flow_log_has_a_custom_format_then_its_own_order(
    aws: Any, store: Store, collect_paths: Collect
) -> None:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    put(aws("logs"), (HOUR, f"203.0.113.10 10.0.1.5 egress 7 {int(HOUR.timestamp())} vpc-0a"))
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=GROUP,
        DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
        LogFormat="${dstaddr} ${srcaddr} ${flow-direction} ${bytes} ${start} ${vpc-id}",
    )

    collect_paths(TARGET, window=WINDOW)

    assert store.query("select client_ip, remote_ip, bytes, vpc_id, line from flow").rows == [
        ("10.0.1.5", "203.0.113.10", 7, "vpc-0a", 2)
    ]


def test_collect_when_the_group_holds_resolver_logs_then_by_their_own_format(
    aws: Any, store: Store, collect_paths: Collect
) -> None:
    question = json.loads(QUESTION) | {"query_timestamp": f"{HOUR:%Y-%m-%dT%H:%M:%SZ}"}
    put(aws("logs"), (HOUR, json.dumps(question)))

    collect_paths(TARGET, window=WINDOW)

    assert store.query("select qname from dns_query").rows == [("api.openai.com",)]


def test_fetch_when_group_was_deleted_meanwhile_then_refused_in_words(aws: Any, tmp_path: Path) -> None:
    put(aws("logs"), (HOUR, "x"))
    [first, _] = SOURCE.list_objects(TARGET, WINDOW, {})
    aws("logs").delete_log_group(logGroupName=GROUP)

    with pytest.raises(BadInputError, match="cannot be read: ResourceNotFoundException"):
        SOURCE.fetch(TARGET, first, tmp_path, {})


def test_plan_when_cloudwatch_then_the_cloudwatch_source() -> None:
    [target] = plan_targets([f"aws-vpc-flow={TARGET}"]).targets

    assert (target.source, target.location, target.format) == ("cloudwatch", TARGET, "aws_vpc_flow")
    with pytest.raises(TargetError, match="names no log group"):
        list(SOURCE.list_objects("cloudwatch:", Window(), {}))
