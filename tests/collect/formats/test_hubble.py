"""Hubble: flows without bytes, by pod; names the node's DNS proxy knew; questions and HTTP hosts."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.hubble import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import take_in

POD = {"ID": 1, "namespace": "search", "labels": ["k8s:app=ranker"], "pod_name": "ranker-5d78c9869d-8xk2p"}
WORLD = {"identity": 2, "labels": ["reserved:world"]}


def event(second: int = 1, /, remote: str = "203.0.113.50", **changes: Any) -> str:
    flow = {
        "time": f"2026-08-01T00:00:{second:02d}.789485280Z",
        "verdict": "FORWARDED",
        "IP": {"source": "10.244.1.249", "destination": remote, "ipVersion": "IPv4"},
        "l4": {"TCP": {"source_port": 36742, "destination_port": 443, "flags": {"SYN": True}}},
        "source": POD,
        "destination": WORLD,
        "Type": "L3_L4",
        "node_name": "prod/node-1",
        "traffic_direction": "EGRESS",
        "is_reply": False,
    }
    merged = {key: value for key, value in (flow | changes).items() if value is not None}
    return json.dumps({"flow": merged, "node_name": "prod/node-1", "time": merged.get("time")})


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def rows(store: Store, table: str, columns: str) -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from {table} order by source_id, line, rowid").rows


def test_normalise_when_sample_then_flows_by_pod_and_what_it_asked(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "hubble.json")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert rows(store, "flow", "line, client_ip, remote_ip, remote_port, action, bytes, workload, interface_id") == [
        (2, "10.244.1.249", "203.0.113.50", 443, "accept", 0, "k8s/search/ranker", "hubble/prod/node-1"),
        (4, "10.244.1.249", "203.0.113.51", 443, "reject", 0, "k8s/search/ranker", "hubble/prod/node-1"),
    ]
    assert rows(store, "dns_answer", "line, client_ip, qname, ip, ttl_seconds") == [
        (1, "10.244.1.249", "api.openai.com", "203.0.113.50", 30),
        (2, "10.244.1.249", "api.openai.com", "203.0.113.50", -1),
    ]
    assert store.query("select kind, count from coverage_note").rows == [("skipdata", 1)]


def test_normalise_when_one_connection_is_told_often_then_one_row_a_minute(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    later = event(1, time="2026-08-01T00:01:01.5Z")
    reply = event(2, is_reply=True, traffic_direction="INGRESS")
    write(tmp_path / "a", event(1), event(2), event(3, verdict="DROPPED"), later, reply, event(4, Type="SOCK"))

    collect_paths(tmp_path / "a")

    assert rows(store, "flow", "line, action, started_at::varchar") == [
        (1, "accept", "2026-08-01 00:00:01.789485"),
        (3, "reject", "2026-08-01 00:00:03.789485"),
        (4, "accept", "2026-08-01 00:01:01.5"),
    ]


def test_normalise_when_names_are_beside_flows_then_one_answer_an_hour(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    names = ["API.openai.com", "edge.example"]
    write(
        tmp_path / "a",
        event(1, destination_names=names),
        event(2, destination_names=names[:1]),
        event(3, "2001:db8::5", destination_names=["x.ai"]),
        event(4, destination_names=names, is_reply=True),
    )

    collect_paths(tmp_path / "a")

    assert rows(store, "dns_answer", "line, qname, ip") == [
        (1, "api.openai.com", "203.0.113.50"),
        (1, "edge.example", "203.0.113.50"),
        (3, "x.ai", "2001:db8::5"),
    ]
    assert rows(store, "dns_query", "line, qname, qtype, answer_count")[-1] == (3, "x.ai", "AAAA", 1)


def test_normalise_when_l7_then_questions_answered_or_dropped_and_http_hosts(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    asked = {"query": "API.openai.com.", "qtypes": ["A"]}
    answer = {"ips": ["203.0.113.50"], "cnames": ["edge.example."], "ttl": 30, "rcode": 0}
    turned = {"source": "10.96.0.10", "destination": "10.244.1.249"}
    http = {"method": "POST", "url": "http://ollama.example:11434/api/chat?key=value"}
    write(
        tmp_path / "a",
        event(1, Type="L7", l7={"type": "REQUEST", "dns": asked}),
        event(2, Type="L7", l7={"type": "RESPONSE", "dns": asked | answer}, IP=turned, is_reply=True),
        event(3, Type="L7", l7={"type": "REQUEST", "dns": asked}, verdict="DROPPED"),
        event(4, Type="L7", l7={"type": "RESPONSE", "dns": asked | {"rcode": 3}}, IP=turned, is_reply=True),
        event(5, Type="L7", l7={"type": "REQUEST", "http": http}),
        event(6, Type="L7", l7={"type": "RESPONSE", "http": http | {"code": 200}}, is_reply=True),
    )

    collect_paths(tmp_path / "a")

    assert rows(store, "dns_query", "line, client_ip, qname, qtype, rcode, action, cname_chain") == [
        (2, "10.244.1.249", "api.openai.com", "A", "NOERROR", "allow", "edge.example"),
        (3, "10.244.1.249", "api.openai.com", "A", "NOERROR", "block", ""),
        (4, "10.244.1.249", "api.openai.com", "A", "NXDOMAIN", "allow", ""),
    ]
    assert rows(store, "tls_connection", "line, host, named_by, path, workload, client_port") == [
        (5, "ollama.example", "http_host", "/api/chat", "k8s/search/ranker", 36742)
    ]


@pytest.mark.parametrize(
    ("source", "workload"),
    [
        (POD | {"workloads": [{"name": "rank", "kind": "Deployment"}]}, "k8s/search/rank"),
        (POD | {"pod_name": "db-0"}, "k8s/search/db"),
        ({"identity": 1, "labels": ["reserved:host"]}, "unknown"),
    ],
)
def test_normalise_when_the_pod_is_named_in_any_way_then_its_controller(
    tmp_path: Path, store: Store, collect_paths: Collect, source: dict[str, Any], workload: str
) -> None:
    write(tmp_path / "a", json.dumps(json.loads(event(1, source=source)), indent=2))

    collect_paths(tmp_path / "a")

    assert rows(store, "flow", "workload, account_id, sensor") == [(workload, "unknown", "hubble")]


def test_normalise_when_lines_are_bad_then_counted_and_sampled(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    status = json.dumps({"node_status": {"state_change": "NODE_CONNECTED"}, "node_name": "prod/node-1"})
    write(tmp_path / "a", event(1), "no json", status, event(2, time="later"), event(3, remote="nobody"), '{"flow":')

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 4
    assert "line 2: no record of this log" in report.outcome.reason
    assert rows(store, "flow", "line") == [(1,)]


@pytest.mark.parametrize(
    "data",
    [
        b'{"flow": "control", "kind": "Event", "time": "2026-08-01T00:00:01Z"}',
        b'{"node_status": {}, "node_name": "n"}',
        b'{"flow": {"verdict": "FORWARDED"}}',
    ],
)
def test_sniff_when_look_alike_then_not_ours(data: bytes) -> None:
    assert FORMAT.sniff(Head("x", data)) == 0


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.integers(), max_size=2))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(sorted(json.loads(event())["flow"])), _VALUES, max_size=4), max_size=5))
def test_normalise_when_fields_are_hostile_then_no_line_fails_the_others(
    tmp_path_factory: pytest.TempPathFactory, odd: list[dict[str, Any]]
) -> None:
    lines = [json.dumps({"flow": json.loads(event())["flow"] | one, "node_name": "n"}) for one in odd]
    sound = event(9, source_names=[], l4={"TCP": {"source_port": 1, "destination_port": 443}})
    path = write(tmp_path_factory.mktemp("hubble") / "a", sound, *lines)

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"hubble={path}")
        assert isinstance(report.outcome, Collected), report
        assert store.query("select count(*) from flow where client_port = 1").rows == [(1,)]
