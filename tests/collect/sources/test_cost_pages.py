"""The live cost collectors over real HTTP, against a local server that pages as the vendors document it."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.sources.anthropic_costs import SOURCE as ANTHROPIC
from shadowscan.collect.sources.openai_costs import SOURCE as OPENAI
from shadowscan.errors import TargetError, UsageError
from shadowscan.model.outcome import Collected, Failed
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import Collect

SEPTEMBER = Window(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
START = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
DAY = 86_400


class CostServer(ThreadingHTTPServer):
    """Two pages of days for both vendors; `statuses` are answered first, one a request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.statuses: list[int] = []
        self.asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        self.repeats_cursor = False


class _Answering(BaseHTTPRequestHandler):
    server: CostServer

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        query = parse_qs(place.query)
        self.server.asked.append((place.path, query, {name.lower(): value for name, value in self.headers.items()}))
        if self.server.statuses:
            self._send(self.server.statuses.pop(0), "{}")
            return
        is_last = "page" in query and not self.server.repeats_cursor
        buckets = (_openai if place.path == "/v1/organization/costs" else _anthropic)(query, is_last)
        page = {"object": "page", "data": buckets, "has_more": not is_last, "next_page": None if is_last else "page_2"}
        self._send(200, json.dumps(page))

    def _send(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "0")
        if status == 302:
            self.send_header("Location", "http://127.0.0.2:1/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


def _openai(query: dict[str, list[str]], is_last: bool) -> list[dict[str, Any]]:
    start = START + DAY * is_last
    grouped = [_result(60.1, "proj_a"), _result(39.9, None)] if "group_by[]" in query else [_result(100.25, None)]
    return [{"object": "bucket", "start_time": start, "end_time": start + DAY, "results": grouped}]


def _result(value: float, project: str | None) -> dict[str, Any]:
    amount = {"value": value, "currency": "usd"}
    return {"object": "organization.costs.result", "amount": amount, "project_id": project, "line_item": None}


def _anthropic(query: dict[str, list[str]], is_last: bool) -> list[dict[str, Any]]:
    day = 2 if is_last else 1
    row = {"amount": "1234.5", "currency": "USD", "workspace_id": None, "inference_geo": None, "cost_type": None}
    span = {"starting_at": f"2026-09-0{day}T00:00:00Z", "ending_at": f"2026-09-0{day + 1}T00:00:00Z"}
    return [{**span, "results": [row]}]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CostServer]:
    running = CostServer()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    for vendor in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"SHADOWSCAN_{vendor}_ENDPOINT", f"http://127.0.0.1:{running.server_port}")
        monkeypatch.setenv(f"{vendor}_ADMIN_KEY", "made-up")
    yield running
    running.shutdown()
    running.server_close()


def test_openai_when_paged_then_every_page_is_kept_grouped_and_total(
    server: CostServer, store: Store, collect_paths: Collect
) -> None:
    outcomes = [report.outcome for report in collect_paths("openai:costs", window=SEPTEMBER)]

    assert all(isinstance(one, Collected) for one in outcomes), outcomes
    rows = store.query("select grouped_by, sum(effective_cost), count(*) from charge group by all order by all").rows
    assert rows == [
        ("api_key_id,line_item,project_id", Decimal(200), 4),
        ("total", Decimal("200.50"), 2),
    ]  # fmt: skip


def test_openai_when_asked_then_span_limit_key_and_groups_are_those_documented(
    server: CostServer, collect_paths: Collect
) -> None:
    collect_paths("openai:costs", window=SEPTEMBER)

    path, query, headers = server.asked[0]
    assert path == "/v1/organization/costs"
    assert headers["authorization"] == "Bearer made-up"
    assert query["start_time"] == [str(START)]
    assert query["limit"] == ["31"]
    assert query["group_by[]"] == ["project_id", "line_item", "api_key_id"]
    assert [asked["page"] for _, asked, _ in server.asked if "page" in asked] == [["page_2"], ["page_2"]]


def test_anthropic_when_paged_then_cents_and_the_default_workspace(
    server: CostServer, store: Store, collect_paths: Collect
) -> None:
    collect_paths("anthropic:costs", window=SEPTEMBER)

    rows = store.query("select vendor_account_id, sum(effective_cost) from charge group by all order by all").rows
    assert rows == [("default", Decimal("24.69")), ("unknown", Decimal("24.69"))]
    assert server.asked[0][2]["anthropic-version"] == "2023-06-01"


def test_page_when_the_server_is_busy_then_asked_again(
    server: CostServer, store: Store, collect_paths: Collect
) -> None:
    server.statuses = [429, 503]

    collect_paths("openai:costs", window=SEPTEMBER)

    assert store.query("select count(*) from charge").rows == [(6,)]


@pytest.mark.parametrize("status", [401, 302, 404])
def test_page_when_refused_or_sent_elsewhere_then_failed_and_the_key_stays(
    server: CostServer, collect_paths: Collect, status: int
) -> None:
    server.statuses = [status] * 4

    outcomes = [report.outcome for report in collect_paths("openai:costs", window=SEPTEMBER)]

    assert any(isinstance(one, Failed) and f"HTTP {status}" in one.reason for one in outcomes), outcomes
    assert not any(isinstance(one, Collected) for one in outcomes)


def test_page_when_the_cursor_comes_back_then_failed_not_endless(server: CostServer, collect_paths: Collect) -> None:
    server.repeats_cursor = True

    outcomes = [report.outcome for report in collect_paths("openai:costs", window=SEPTEMBER)]

    assert any(isinstance(one, Failed) and "more pages" in one.reason for one in outcomes), outcomes


def test_source_when_no_key_then_said_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)

    with pytest.raises(TargetError, match="admin key"):
        list(OPENAI.list_objects("openai:costs", SEPTEMBER, {}))


def test_endpoint_when_not_on_this_machine_then_refused(
    server: CostServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("SHADOWSCAN_OPENAI_ENDPOINT", "http://costs.example")
    item = next(iter(OPENAI.list_objects("openai:costs", SEPTEMBER, {})))

    with pytest.raises(UsageError, match="not on this machine"):
        OPENAI.fetch("openai:costs", item, tmp_path, {})


def test_plan_when_cost_target_then_its_source() -> None:
    plan = plan_targets(["openai:costs", "anthropic:costs"])

    assert [target.source for target in plan.targets] == [OPENAI.id, ANTHROPIC.id]
