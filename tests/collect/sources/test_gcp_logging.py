"""The Cloud Logging source against a real gRPC server made of the library's own message types."""

import json
from collections.abc import Iterator
from concurrent import futures
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from shadowscan.collect.sources.gcp_logging import ENDPOINT, SOURCE
from shadowscan.errors import UsageError
from shadowscan.model.outcome import Skipped
from shadowscan.model.window import Window
from tests.collect.conftest import Collect

PAGE = 1000
TOTAL = 2400
WINDOW = Window(datetime(2026, 8, 1, 6, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC))


class Server:
    """Serves `ListLogEntries` in pages, fails the first call once, and keeps the filters it was asked."""

    def __init__(self) -> None:
        self.filters: list[str] = []
        self.failures = 1

    def list_entries(self, request: Any, context: Any) -> Any:
        from google.cloud.logging_v2 import types as logging_types

        if self.failures:
            self.failures -= 1
            context.abort(grpc.StatusCode.UNAVAILABLE, "try again")
        self.filters.append(request.filter)
        first = int(request.page_token or 0)
        entries = [
            logging_types.LogEntry(log_name="projects/acme/logs/x", insert_id=str(number), text_payload="line\nbreak")
            for number in range(first, min(first + PAGE, TOTAL))
        ]
        token = str(first + PAGE) if first + PAGE < TOTAL else ""
        return logging_types.ListLogEntriesResponse(entries=entries, next_page_token=token)


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


def test_fetch_when_several_pages_then_every_entry_is_one_json_line(server: Server, tmp_path: Path) -> None:
    [day] = SOURCE.list_objects("gcp-logging:acme", WINDOW, {})

    lines = SOURCE.fetch("gcp-logging:acme", day, tmp_path, {}).read_text().splitlines()

    assert day.name == "gcp-logging:acme/2026-08-01"
    assert [json.loads(line)["insertId"] for line in lines] == [str(number) for number in range(TOTAL)]
    assert json.loads(lines[0])["logName"] == "projects/acme/logs/x"


def test_fetch_when_asked_then_both_bounds_are_always_passed(server: Server, tmp_path: Path) -> None:
    [day] = SOURCE.list_objects("gcp-logging:acme", WINDOW, {})

    SOURCE.fetch("gcp-logging:acme", day, tmp_path, {"filter": "severity>=INFO OR a"})

    bounds = 'timestamp >= "2026-08-01T00:00:00+00:00" AND timestamp < "2026-08-02T00:00:00+00:00"'
    assert set(server.filters) == {f"(severity>=INFO OR a) AND {bounds}"}


def test_collect_when_no_format_reads_the_entries_then_skipped(server: Server, collect_paths: Collect) -> None:
    reports = collect_paths("gcp-logging:acme", window=WINDOW)

    assert [type(report.outcome) for report in reports] == [Skipped]
    assert "JSON object with keys insertId, logName, textPayload" in str(reports[0].outcome)


def test_fetch_when_emulator_is_elsewhere_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "logging.example:443")
    [day] = SOURCE.list_objects("gcp-logging:acme", WINDOW, {})

    with pytest.raises(UsageError, match="not on this machine"):
        SOURCE.fetch("gcp-logging:acme", day, tmp_path, {})
