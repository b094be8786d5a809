"""CloudWatch Logs in every shape it leaves in: what is inside is recognised, counted and found by its number."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.containers import load_containers
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected, Failed, Partial, Skipped
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect, record, write_gzip

QUESTION = (SAMPLES / "route53_resolver.json").read_text().splitlines()[0]
FIREWALL = (SAMPLES / "aws_network_firewall.json").read_text().splitlines()


def events(*messages: str) -> list[dict[str, Any]]:
    """Events as `filter-log-events` gives them."""
    return [
        {
            "logStreamName": "eni-0a-all",
            "timestamp": 1785542400000 + number,
            "message": message,
            "ingestionTime": 1785542500000,
            "eventId": str(number),
        }
        for number, message in enumerate(messages)
    ]


def subscription(group: str, *messages: str, owner: str = "123456789012") -> str:
    return json.dumps(
        {
            "messageType": "DATA_MESSAGE",
            "owner": owner,
            "logGroup": group,
            "logStream": "all",
            "subscriptionFilters": ["all"],
            "logEvents": [{"id": str(n), "timestamp": 1785542400000, "message": m} for n, m in enumerate(messages)],
        }
    )


CONTROL = json.dumps(
    {"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logGroup": "", "logStream": "", "logEvents": [
        {"id": "", "timestamp": 1785542400000, "message": "CWL CONTROL MESSAGE: Checking health of destination."}]}
)  # fmt: skip

SHAPES = {
    "lines": lambda messages: "".join(json.dumps(event) + "\n" for event in events(*messages)),
    "document": lambda messages: json.dumps(
        {"events": events(*messages), "searchedLogStreams": [{"logStreamName": "a", "searchedCompletely": True}]}
    ),
    "printed document": lambda messages: json.dumps(
        {"events": events(*messages), "nextForwardToken": "f/1", "nextBackwardToken": "b/1"}, indent=4
    ),
    "subscription": lambda messages: CONTROL + "".join(subscription("/vpc", message) for message in messages),
    "export task": lambda messages: "".join(f"2026-08-01T00:00:00.000Z {message}\n" for message in messages),
}


def flows(store: Store, columns: str = "line, client_ip, remote_ip, bytes") -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line").rows


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_collect_when_flow_log_is_in_cloudwatch_then_as_if_it_had_come_alone(
    tmp_path: Path, store: Store, collect_paths: Collect, shape: str, packed: bool
) -> None:
    text = SHAPES[shape]([record(size=1), record(status="NODATA"), record("203.0.113.11", size=3)]).encode()
    (tmp_path / "a").write_bytes(gzip.compress(text) if packed else text)

    [report] = collect_paths(tmp_path / "a")
    [again] = collect_paths(tmp_path / "a")

    assert report.format == "aws_vpc_flow"
    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 2}, 0)
    assert flows(store) == [(1, "10.0.1.5", "203.0.113.10", 1), (3, "10.0.1.5", "203.0.113.11", 3)]
    assert isinstance(again.outcome, Collected)
    assert again.outcome.unchanged


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_collect_when_json_logs_are_in_cloudwatch_then_by_their_own_format(
    tmp_path: Path, store: Store, collect_paths: Collect, shape: str
) -> None:
    (tmp_path / "dns").write_text(SHAPES[shape]([QUESTION, QUESTION]))
    (tmp_path / "firewall").write_text(SHAPES[shape](FIREWALL))

    reports = collect_paths(tmp_path)

    assert [report.format for report in reports] == ["route53_resolver", "aws_network_firewall"]
    assert store.query("select line, qname from dns_query").rows == [(1, "api.openai.com"), (2, "api.openai.com")]
    assert store.query("select host from tls_connection").rows == [("api.openai.com",)]


def test_collect_when_sample_then_its_flow(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "cloudwatch_events.json")

    assert flows(store) == [(1, "10.0.1.5", "203.0.113.10", 5840)]


def test_collect_when_the_group_has_a_custom_format_then_the_configured_fields(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text(SHAPES["document"](["10.0.1.5 203.0.113.10 443 7 1785542400 vpc-0a"]))
    order = {"format": "aws_vpc_flow", "fields": "srcaddr dstaddr dstport bytes start vpc-id"}

    collect_paths(tmp_path / "a", **order)

    assert flows(store, "client_ip, remote_ip, vpc_id, bytes") == [("10.0.1.5", "203.0.113.10", "vpc-0a", 7)]


def test_collect_when_one_stream_carries_several_groups_then_an_object_each(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    path = tmp_path / "a"
    path.write_text(subscription("/vpc", record()) + subscription("/dns", QUESTION) + subscription("/vpc", record()))

    first = collect_paths(path)
    again = collect_paths(path)

    assert store.query("select object, format from source_object order by object").rows == [
        (f"{path}!/dns", "route53_resolver"),
        (f"{path}!/vpc", "aws_vpc_flow"),
    ]
    assert flows(store, "line") == [(1,), (2,)]
    assert {report.source_ids for report in again} == {report.source_ids for report in first}
    assert all(isinstance(report.outcome, Collected) and report.outcome.unchanged for report in again)


def test_collect_when_a_group_is_gone_from_the_object_then_its_rows_are_too(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    path = tmp_path / "a"
    path.write_text(subscription("/vpc", record()) + subscription("/dns", QUESTION))
    collect_paths(path)
    path.write_text(subscription("/vpc", record(size=5)))

    collect_paths(path)

    assert store.query("select object from source_object").rows == [(str(path),)]
    assert flows(store, "bytes") == [(5,)]
    assert store.query("select count(*) from dns_query").rows == [(0,)]


def test_collect_when_records_name_no_account_then_the_owner_of_the_group(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text(
        subscription("/nfw", *FIREWALL, owner="470100000011") + subscription("/nfw", *FIREWALL, owner="470100000012")
    )

    collect_paths(tmp_path / "a")

    assert store.query("select account_id from tls_connection order by 1").rows == [
        ("470100000011",),
        ("470100000012",),
    ]


def test_collect_when_events_are_bad_then_rejected_and_the_rest_keep_their_numbers(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = [json.dumps(event) for event in events(record(), "2 1 2 3", "two\nlines " + record(), record())]
    (tmp_path / "a").write_text("\n".join([lines[0], "{broken", *lines[1:]]) + "\n")

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 2}, 3)
    assert flows(store, "line") == [(1,), (5,)]


@pytest.mark.parametrize("shape", ["document", "subscription"])
def test_collect_when_a_document_is_cut_then_what_came_before_is_kept_and_the_loss_counted(
    tmp_path: Path, store: Store, collect_paths: Collect, shape: str
) -> None:
    text = SHAPES[shape]([record(size=number) for number in range(100)])
    (tmp_path / "a").write_text(text[: len(text) * 3 // 4])

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert 60 < report.outcome.tables["flow"] < 90
    assert report.outcome.rejected == 1
    assert "the file ends inside record" in report.outcome.reason


def test_collect_when_gzip_is_cut_then_partial(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    messages = [record(f"203.0.113.{number % 250}", size=number * 7919 % 10007) for number in range(3000)]
    path = write_gzip(tmp_path / "a", SHAPES["lines"](messages).encode())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    [report] = collect_paths(path)

    assert isinstance(report.outcome, Partial)
    assert report.outcome.rejected == 0
    assert 500 < report.outcome.tables["flow"] < 2999


def test_collect_when_a_line_holds_40_mb_then_only_that_one_is_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = [json.dumps(event) for event in events(record(), record() + "x" * 40_000_000, record())]
    (tmp_path / "a").write_text("\n".join(lines) + "\n")

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 2}, 1)
    assert "line 2 holds" in report.outcome.reason
    assert flows(store, "line") == [(1,), (3,)]


def test_collect_when_messages_are_of_no_format_then_skipped_by_what_they_are(
    tmp_path: Path, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text(SHAPES["document"](["START RequestId: 1", "END RequestId: 1"]))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Skipped)
    assert report.outcome.reason == "not recognised: text, 3 columns separated by ' '"


def test_collect_when_text_only_starts_with_times_then_it_is_no_container(
    tmp_path: Path, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text("2026-08-01T00:00:00.000Z hello\n2026-08-01T00:00:01.000Z there\n")

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Skipped)
    assert report.outcome.reason == "not recognised: text, 2 columns separated by ' '"


def test_collect_when_options_name_account_and_region_then_where_the_record_does_not(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text("\n".join(FIREWALL))

    [report] = collect_paths(tmp_path / "a", account_id="470100000011", region="eu-west-1")

    assert not isinstance(report.outcome, Failed)
    assert flows(store, "account_id, region") == [("470100000011", "eu-west-1")]


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b'{"events":[', b'{"messageType":"DATA_MESSAGE","logGroup":[],"logEvents":', b"2026-08-01T00:00:00.000Z "]
    ),
)
def test_peek_when_bytes_are_hostile_then_an_answer(data: bytes, prefix: bytes) -> None:
    for container in load_containers():
        inside = container.peek(Head("x", prefix + data))
        assert inside is None or isinstance(inside.data, bytes)
