"""Suricata EVE: one event a line, the client in front whichever side was logged first, nothing told twice."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.suricata_eve import FORMAT
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import take_in

CLIENT = {"src_ip": "10.0.1.16", "src_port": 50100, "dest_ip": "203.0.113.60", "dest_port": 443, "proto": "TCP"}
TURNED = {"src_ip": "203.0.113.60", "src_port": 443, "dest_ip": "10.0.1.16", "dest_port": 50100, "proto": "UDP"}
ASKS = {"src_ip": "10.0.1.16", "src_port": 53112, "dest_ip": "10.0.0.2", "dest_port": 53, "proto": "UDP"}
ANSWERS = {"src_ip": "10.0.0.2", "src_port": 53, "dest_ip": "10.0.1.16", "dest_port": 53112, "proto": "UDP"}
COUNTS = {
    "pkts_toserver": 20,
    "pkts_toclient": 30,
    "bytes_toserver": 4000,
    "bytes_toclient": 44000,
    "start": "2026-08-01T00:00:02.000000+0000",
    "end": "2026-08-01T00:00:40.500000+0000",
}


def event(kind: str, sides: dict[str, Any] = CLIENT, flow_id: int = 7, **fields: Any) -> str:
    base = {"timestamp": "2026-08-01T02:00:01.100000+0200", "flow_id": flow_id, "event_type": kind}
    return json.dumps(base | sides | fields)


def dns(flow_id: int = 7, *, response: bool = True, **fields: Any) -> str:
    """A question or an answer of version 3."""
    asked = {"version": 3, "type": "response" if response else "request", "id": 9}
    queries = [{"rrname": "API.groq.com", "rrtype": "A"}]
    return event("dns", ANSWERS if response else ASKS, flow_id, dns=asked | {"queries": queries} | fields)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def rows(store: Store, table: str, columns: str) -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from {table} order by source_id, rowid").rows


def test_normalise_when_sample_then_question_host_and_flow_both_ways(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "suricata_eve.json")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables == {"flow": 2, "tls_connection": 1, "dns_query": 1, "dns_answer": 1}
    assert rows(store, "dns_answer", "line, client_ip, qname, ip, ttl_seconds") == [
        (1, "192.0.2.16", "api.groq.com", "203.0.113.60", 300)
    ]
    assert rows(store, "tls_connection", "line, client_port, remote_ip, host, named_by, connection_id, protocol") == [
        (2, 50100, "203.0.113.60", "api.groq.com", "sni", "2", 6)
    ]
    assert rows(store, "flow", "line, direction, client_ip, remote_ip, bytes, packets, connection_id") == [
        (3, "egress", "192.0.2.16", "203.0.113.60", 4000, 20, "2"),
        (3, "ingress", "192.0.2.16", "203.0.113.60", 44000, 30, "2"),
    ]


def test_normalise_when_a_response_has_the_server_first_then_the_client_is_who_asked(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    answers = [
        {"rrname": "api.groq.com", "rrtype": "CNAME", "ttl": 5, "rdata": "Edge.example."},
        {"rrname": "edge.example", "rrtype": "A", "ttl": 60, "rdata": "203.0.113.60"},
    ]
    write(tmp_path / "eve.json", dns(response=False), dns(rcode="NOERROR", answers=answers))

    collect_paths(tmp_path / "eve.json")

    assert rows(store, "dns_query", "line, client_ip, qname, qtype, rcode, cname_chain, answer_count") == [
        (2, "10.0.1.16", "api.groq.com", "A", "NOERROR", "edge.example", 1)
    ]
    assert rows(store, "dns_query", "queried_at::varchar") == [("2026-08-01 00:00:01.1",)]
    assert rows(store, "dns_answer", "client_ip, ip, ttl_seconds") == [("10.0.1.16", "203.0.113.60", 60)]


def test_normalise_when_answers_are_grouped_only_then_all_of_them_without_ttl(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    grouped = {"A": ["203.0.113.60", "203.0.113.61"], "CNAME": ["edge.example"], "TXT": ["x"]}
    write(tmp_path / "eve.json", dns(rcode="NOERROR", grouped=grouped))

    collect_paths(tmp_path / "eve.json")

    assert rows(store, "dns_query", "cname_chain, answer_count") == [("edge.example", 2)]
    assert rows(store, "dns_answer", "ip, ttl_seconds") == [("203.0.113.60", -1), ("203.0.113.61", -1)]


def test_normalise_when_a_request_has_no_response_then_it_is_a_question_all_the_same(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    old_answer = event(
        "dns", ASKS, 3, dns={"type": "answer", "id": 9, "rrname": "edge.example", "rdata": "203.0.113.9"}
    )
    old = event("dns", ASKS, 3, dns={"type": "query", "id": 9, "rrname": "x.ai", "rrtype": "A"})
    write(tmp_path / "eve.json", dns(1, response=False), dns(2, rcode="NXDOMAIN"), old, old_answer)

    collect_paths(tmp_path / "eve.json")

    assert rows(store, "dns_query", "line, qname, rcode") == [
        (1, "api.groq.com", "NOERROR"),
        (2, "api.groq.com", "NXDOMAIN"),
        (3, "x.ai", "NOERROR"),
    ]


def test_normalise_when_quic_or_http_then_host_protocol_and_short_path(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    http = {"hostname": "Ollama.example", "http_port": 11434, "url": "/api/chat?key=value", "http_method": "POST"}
    asked = {"hostname": "api.openai.com", "url": "api.openai.com:443", "http_method": "CONNECT"}
    lines = (event("quic", TURNED, quic={"sni": "x.ai"}), event("http", http=http), event("http", http=asked))
    write(tmp_path / "eve.json", *lines, event("tls", tls={"subject": "CN=y.ai"}), event("fileinfo", http=http))

    collect_paths(tmp_path / "eve.json")

    assert rows(store, "tls_connection", "client_ip, remote_ip, remote_port, host, named_by, path, protocol") == [
        ("10.0.1.16", "203.0.113.60", 443, "x.ai", "sni", "", 17),
        ("10.0.1.16", "203.0.113.60", 443, "ollama.example", "http_host", "/api/chat", 6),
        ("10.0.1.16", "unknown", 443, "api.openai.com", "connect", "", 6),
    ]


def test_normalise_when_netflow_then_each_way_once_and_not_beside_a_flow_event(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    counts = {"pkts": 12, "bytes": 5840, "start": COUNTS["start"], "end": COUNTS["end"]}
    there, back = event("netflow", netflow=counts), event("netflow", TURNED, netflow=counts | {"bytes": 90})
    write(tmp_path / "eve.json", there, back, event("flow", flow_id=8, flow=COUNTS), event("netflow", flow_id=8))

    [report] = collect_paths(tmp_path / "eve.json")

    assert isinstance(report.outcome, Collected)
    assert rows(store, "flow", "line, direction, client_ip, bytes, ended_at::varchar") == [
        (1, "egress", "10.0.1.16", 5840, "2026-08-01 00:00:40.5"),
        (2, "ingress", "10.0.1.16", 90, "2026-08-01 00:00:40.5"),
        (3, "egress", "10.0.1.16", 4000, "2026-08-01 00:00:40.5"),
        (3, "ingress", "10.0.1.16", 44000, "2026-08-01 00:00:40.5"),
    ]
    assert rows(store, "coverage_note", "kind, count") == [("duplicate", 1)]


def test_normalise_when_blocked_then_an_attempt_told_once(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    blocked, sni = {"action": "blocked"}, {"sni": "api.openai.com"}
    write(
        tmp_path / "eve.json",
        event("tls", tls=sni),
        event("alert", alert=blocked, tls=sni),
        event("drop", TURNED, drop={"reason": "rules"}),
        event("flow", flow=COUNTS | {"action": "drop"}),
        event("drop", flow_id=8, drop={"reason": "rules"}),
        event("alert", flow_id=9, alert=blocked),
        event("alert", flow_id=10, alert=blocked, tls=sni),
    )

    collect_paths(tmp_path / "eve.json")

    assert rows(store, "tls_connection", "line, host, action") == [
        (1, "api.openai.com", "reject"),
        (7, "api.openai.com", "reject"),
    ]
    assert rows(store, "flow", "line, action, bytes, remote_port") == [
        (4, "reject", 4000, 443),
        (4, "reject", 44000, 443),
        (5, "reject", 0, 443),
        (6, "reject", 0, 443),
    ]


def test_normalise_when_two_sensors_then_each_is_named(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    write(tmp_path / "a.json", event("flow", flow=COUNTS, host="ids-1", in_iface="eth0"), event("flow", flow=COUNTS))

    collect_paths(tmp_path / "a.json", account_id="470100000011")

    assert rows(store, "flow", "distinct interface_id, account_id, sensor")[:2] == [
        ("suricata/ids-1/eth0", "470100000011", "suricata"),
        ("unknown", "470100000011", "suricata"),
    ]


def test_normalise_when_gzip_with_bad_lines_and_a_cut_end_then_counted_and_sampled(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = (
        event("tls", tls={"sni": "x.ai"}),
        "no json",
        event("flow", flow=COUNTS | {"start": "later"}, timestamp="later"),
        event("tls", CLIENT | {"src_ip": "nobody"}, tls={"sni": "y.ai"}),
        event("stats", {}, stats={"uptime": 8}),
        '{"timestamp":"2026-08-01T00:00:0',
    )
    (tmp_path / "eve.json.gz").write_bytes(gzip.compress("\n".join(lines).encode()))

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 4  # the flow event would be a row each way
    assert "line 2: no record of this log" in report.outcome.reason
    assert rows(store, "tls_connection", "line, host") == [(1, "x.ai")]


@pytest.mark.parametrize(
    "data",
    [
        b'{"event_type": "page_view", "timestamp": "2026-08-01T00:00:00Z", "user": 1}',
        b'{"firewall_name": "fw", "event": {"event_type": "tls", "src_ip": "10.0.0.1", "dest_ip": "10.0.0.2"}}',
        b'{"src_ip": "10.0.0.1", "dest_ip": "10.0.0.2", "timestamp": "2026-08-01T00:00:00Z"}',
        b'{"event_type": ["tls"], "timestamp": 1}',
    ],
)
def test_sniff_when_look_alike_then_not_ours(data: bytes) -> None:
    assert FORMAT.sniff(Head("eve.json", data)) == 0


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.integers(), max_size=2))
_FIELDS = ("timestamp", "flow_id", "src_ip", "src_port", "dest_port", "proto", "dns", "flow", "tls", "http", "alert")


@settings(max_examples=60, deadline=None)
@given(
    kinds=st.lists(st.sampled_from(["flow", "netflow", "dns", "tls", "http", "alert", "drop", "quic"]), min_size=1),
    odd=st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=4),
    tail=st.binary(max_size=40),
)
def test_normalise_when_fields_are_hostile_then_no_line_fails_the_others(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], odd: dict[str, Any], tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("eve") / "eve.json"
    sound = event("tls", flow_id=99, tls={"sni": "x.ai"}).encode()
    bad = "\n".join(json.dumps(json.loads(event(kind)) | odd) for kind in kinds).encode()
    path.write_bytes(sound + b"\n" + bad + b"\n" + tail.replace(b"\n", b" ") + b"\n" + sound + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"suricata_eve={path}")
        assert isinstance(report.outcome, Collected), report
        assert store.query("select count(*) from tls_connection where connection_id = '99'").rows == [(2,)]
