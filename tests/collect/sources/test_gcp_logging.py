"""The Cloud Logging source against a real gRPC server made of the library's own message types."""

import json
import re
from collections.abc import Iterator
from concurrent import futures
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from shadowscan.collect.sources.gcp_logging import ENDPOINT, SOURCE
from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.errors import BadInputError, UsageError
from shadowscan.model.outcome import Collected, Skipped
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect

WINDOW = Window(datetime(2026, 8, 1, 6, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC))
DAY = Window(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC))
TARGET = "gcp-logging:acme-net"


def sample_entries(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text().splitlines()]


class Server:
    """Serves `ListLogEntries` page by page, honouring log ids and time bounds, and fails as often as told."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.page = 2
        self.filters: list[str] = []
        self.failures: list[tuple[grpc.StatusCode, int]] = []  # (code, at which page)

    def list_entries(self, request: Any, context: Any) -> Any:
        from google.cloud.logging_v2 import types as logging_types
        from google.protobuf.json_format import ParseDict

        first = int(request.page_token or 0)
        if self.failures and self.failures[0][1] == first:
            context.abort(self.failures.pop(0)[0], "try again")
        self.filters.append(request.filter)
        found = [entry for entry in self.entries if _lets_through(request.filter, entry)]
        page = found[first : first + self.page]
        token = str(first + self.page) if first + self.page < len(found) else ""
        return logging_types.ListLogEntriesResponse(
            entries=[ParseDict(entry, logging_types.LogEntry.pb(logging_types.LogEntry())) for entry in page],
            next_page_token=token,
        )


def _lets_through(query: str, entry: dict[str, Any]) -> bool:
    logs = [log.replace("/", "%2F") for log in re.findall(r'log_id\("([^"]+)"\)', query)]
    first, last = re.findall(r'timestamp >=? "([^"]+)"|timestamp < "([^"]+)"', query)
    moment = datetime.fromisoformat(entry["timestamp"][:26])
    in_time = first[0][:19] <= moment.isoformat() < last[1][:19]
    return in_time and (not logs or any(entry["logName"].endswith(f"/logs/{log}") for log in logs))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    from google.cloud.logging_v2 import types as logging_types

    found = Server()
    method = grpc.unary_unary_rpc_method_handler(
        found.list_entries,
        request_deserializer=logging_types.ListLogEntriesRequest.deserialize,
        response_serializer=logging_types.ListLogEntriesResponse.serialize,
    )
    served = grpc.server(futures.ThreadPoolExecutor(2))
    served.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("google.logging.v2.LoggingServiceV2", {"ListLogEntries": method}),)
    )
    port = served.add_insecure_port("127.0.0.1:0")
    served.start()
    monkeypatch.setenv(ENDPOINT, f"127.0.0.1:{port}")
    yield found
    served.stop(None)


def objects(window: Window, options: dict[str, str] | None = None) -> list[RemoteObject]:
    return list(SOURCE.list_objects(TARGET, window, options or {}))


def test_list_objects_when_a_window_then_each_day_and_log_and_what_comes_late() -> None:
    found = [(item.name.removeprefix(TARGET), item.version.removeprefix("until ")) for item in objects(WINDOW)]

    assert found == [
        ("/2026-08-01/vpc_flows", "2026-08-02T00:00:00+00:00"),
        ("/2026-08-01/dns_queries", "2026-08-02T00:00:00+00:00"),
        ("/2026-08-02/vpc_flows", "2026-08-02T00:15:00+00:00"),
        ("/2026-08-02/dns_queries", "2026-08-02T00:15:00+00:00"),
    ]


def test_fetch_when_several_pages_then_every_entry_is_one_json_line(server: Server, tmp_path: Path) -> None:
    server.entries = sample_entries("gcp_vpc_flow.json")
    flows, *_ = objects(DAY)

    lines = SOURCE.fetch(TARGET, flows, tmp_path, {}).read_text().splitlines()

    assert [json.loads(line)["insertId"] for line in lines] == ["a1", "a2", "a3", "a4", "a5"]
    assert json.loads(lines[0])["jsonPayload"] == server.entries[0]["jsonPayload"]


def test_fetch_when_asked_then_log_and_both_bounds_are_always_passed(server: Server, tmp_path: Path) -> None:
    bounds = 'timestamp >= "2026-08-01T00:00:00+00:00" AND timestamp < "2026-08-02T00:00:00+00:00"'
    _, questions, *_ = objects(DAY)
    [chosen, _] = objects(DAY, {"filter": "severity>=INFO OR a"})

    SOURCE.fetch(TARGET, questions, tmp_path, {})
    SOURCE.fetch(TARGET, chosen, tmp_path, {"filter": "severity>=INFO OR a"})

    assert server.filters == [
        f'(log_id("dns.googleapis.com/dns_queries")) AND {bounds}',
        f"(severity>=INFO OR a) AND {bounds}",
    ]


@pytest.mark.parametrize("page", [0, 2])
@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_fetch_when_the_service_is_away_or_the_quota_full_then_asked_again(
    server: Server, tmp_path: Path, code: grpc.StatusCode, page: int
) -> None:
    server.entries = sample_entries("gcp_vpc_flow.json")
    server.failures = [(code, page)]
    flows, *_ = objects(DAY)

    assert len(SOURCE.fetch(TARGET, flows, tmp_path, {}).read_text().splitlines()) == 5
    assert server.failures == []


def test_fetch_when_permission_is_missing_then_said(server: Server, tmp_path: Path) -> None:
    server.failures = [(grpc.StatusCode.PERMISSION_DENIED, 0)]
    flows, *_ = objects(DAY)

    with pytest.raises(BadInputError, match="cannot be read: 403"):
        SOURCE.fetch(TARGET, flows, tmp_path, {})


def test_collect_when_a_project_logs_both_then_flows_and_answers_as_from_files(
    server: Server, store: Store, collect_paths: Collect
) -> None:
    server.entries = [*sample_entries("gcp_vpc_flow.json"), *sample_entries("gcp_dns.json")]
    server.entries.append(server.entries[0])  # the service may give an entry twice

    reports = collect_paths(TARGET, window=DAY)

    taken = {report.format: report.outcome.tables for report in reports if isinstance(report.outcome, Collected)}
    assert taken == {
        "gcp_vpc_flow": {"flow": 4, "coverage_note": 2},
        "gcp_dns": {"dns_query": 5, "dns_answer": 9, "coverage_note": 1},
    }
    assert store.query("select count from coverage_note where kind = 'duplicate'").rows == [(2,)]


def test_collect_when_a_day_is_closed_then_it_is_asked_for_once(server: Server, collect_paths: Collect) -> None:
    server.entries = sample_entries("gcp_vpc_flow.json")
    whole = Window(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 1, 23, tzinfo=UTC))

    collect_paths(TARGET, window=whole)
    asked = len([one for one in server.filters if "vpc_flows" in one])
    [report, *_] = collect_paths(TARGET, window=whole)

    assert isinstance(report.outcome, Collected)
    assert report.outcome.unchanged
    assert len([one for one in server.filters if "vpc_flows" in one]) == asked


def test_collect_when_no_format_reads_the_entries_then_skipped(server: Server, collect_paths: Collect) -> None:
    moment = "2026-08-01T00:00:08.123456Z"
    name = "projects/acme-net/logs/dns.googleapis.com%2Fdns_queries"
    server.entries = [{"logName": name, "insertId": "1", "textPayload": "a\nb", "timestamp": moment}]

    reports = collect_paths(TARGET, window=DAY)

    assert {type(report.outcome) for report in reports} == {Collected, Skipped}


def test_fetch_when_emulator_is_elsewhere_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "logging.example:443")
    flows, *_ = objects(DAY)

    with pytest.raises(UsageError, match="not on this machine"):
        SOURCE.fetch(TARGET, flows, tmp_path, {})
