"""AWS Network Firewall: flows, what was blocked, and the hosts the firewall read."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.aws_network_firewall import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect

HOSTS = "line, client_ip, client_port, remote_ip, remote_port, host, named_by, action, connection_id"


def event(**changes: Any) -> str:
    base = {
        "timestamp": "2026-08-01T00:00:02.000000+0000",
        "flow_id": 706471429191862,
        "event_type": "alert",
        "src_ip": "10.0.1.5",
        "src_port": 49152,
        "dest_ip": "203.0.113.10",
        "dest_port": 443,
        "proto": "TCP",
        "alert": {"action": "allowed", "signature_id": 4},
    }
    wrapped = {"firewall_name": "fw1", "availability_zone": "us-east-1a", "event_timestamp": "1785542402"}
    return json.dumps(wrapped | {"event": {key: value for key, value in (base | changes).items() if value is not None}})


def netflow(**changes: Any) -> str:
    counts = {
        "pkts": 12,
        "bytes": 5840,
        "start": "2026-08-01T00:00:02.000000+0000",
        "end": "2026-08-01T00:00:40.500000+0000",
    }
    return event(**{"event_type": "netflow", "alert": None, "netflow": counts} | changes)


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def hosts(store: Store, columns: str = HOSTS) -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from tls_connection order by source_id, line").rows


def flows(store: Store, columns: str) -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line").rows


def test_normalise_when_sample_then_flow_and_host_share_their_connection(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "aws_network_firewall.json")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables == {"flow": 1, "tls_connection": 1}
    assert hosts(store) == [(1, "10.0.1.5", 49152, "203.0.113.10", 443, "api.openai.com", "sni", "accept", "9")]
    assert flows(store, "line, sensor, client_ip, remote_ip, bytes, packets, protocol, connection_id, region") == [
        (2, "firewall", "10.0.1.5", "203.0.113.10", 5840, 12, 6, "9", "us-east-1")
    ]
    assert str(flows(store, "ended_at")[0][0]) == "2026-08-01 00:00:40"


def test_normalise_when_the_answer_flows_then_the_private_side_stays_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    answer = netflow(src_ip="203.0.113.10", src_port=443, dest_ip="10.0.1.5", dest_port=49152)
    write(tmp_path / "AWSLogs/470100000011/network-firewall/flow/eu-west-1/fw1/2026/08/01/00/a.log", answer)

    collect_paths(tmp_path)

    assert flows(store, "client_ip, client_port, direction, account_id, region, interface_id, az") == [
        ("10.0.1.5", 49152, "ingress", "470100000011", "eu-west-1", "firewall/fw1", "us-east-1a")
    ]


def test_normalise_when_tls_or_http_then_the_host_without_port_and_the_path_without_query(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    http = {"hostname": "Api.OpenAI.com.:8080", "url": "/v1/files/file-1/content/part?key=value", "http_method": "GET"}
    write(tmp_path / "a", event(tls={"sni": "API.openai.com"}), event(http=http), event(quic={"sni": "x.ai"}))

    collect_paths(tmp_path / "a")

    assert hosts(store, "host, named_by, path") == [
        ("api.openai.com", "sni", ""),
        ("api.openai.com", "http_host", "/v1/files/file-1/content"),
        ("x.ai", "sni", ""),
    ]


@pytest.mark.parametrize(
    "verdict",
    [{"alert": {"action": "blocked"}}, {"verdict": {"action": "drop"}}, {"verdict": {"action": "reject"}}],
)
def test_normalise_when_blocked_then_an_attempt(
    tmp_path: Path, store: Store, collect_paths: Collect, verdict: dict[str, Any]
) -> None:
    write(tmp_path / "a", event(tls={"sni": "api.openai.com"}, **verdict), event(flow_id=2, **verdict))

    collect_paths(tmp_path / "a")

    assert hosts(store, "host, action") == [("api.openai.com", "reject")]
    assert flows(store, "line, remote_ip, action, bytes, connection_id") == [(2, "203.0.113.10", "reject", 0, "2")]


def test_normalise_when_alert_names_no_host_and_blocks_nothing_then_passed_by(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(tmp_path / "a", event(), event(tls={"sni": "a.example"}))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 0, "tls_connection": 1}, 0)


def test_normalise_when_tls_inspection_log_then_its_hosts_and_what_failed(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    short = {
        "flow_id": None,
        "event_type": None,
        "proto": None,
        "alert": None,
        "timestamp": "2026-08-01T00:00:02.412778Z",
        "src_port": "59844",
        "dest_port": "443",
    }
    write(
        tmp_path / "a",
        event(**short, sni="api.openai.com", tls_error={"error_message": "Server name mismatch"}),
        event(**short, sni="-", tls_error={"error_message": "Server name is empty"}),
        event(**short, sni="x.ai", revocation_check={"status": "REVOKED", "action": "DROP"}),
        event(**short, sni="y.ai", revocation_check={"status": "UNKNOWN", "action": "PASS"}),
    )

    collect_paths(tmp_path / "a")

    assert hosts(store, "host, action, client_port, connection_id, protocol") == [
        ("api.openai.com", "reject", 59844, "unknown", 6),
        ("x.ai", "reject", 59844, "unknown", 6),
        ("y.ai", "accept", 59844, "unknown", 6),
    ]


def test_normalise_when_alert_is_of_an_answer_then_the_client_is_who_called(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    turned = {"src_ip": "203.0.113.10", "src_port": 443, "dest_ip": "10.0.1.5", "dest_port": 49152}
    first = {"src_ip": "10.0.1.5", "src_port": 49152, "dest_ip": "203.0.113.10", "dest_port": 443}
    write(
        tmp_path / "a",
        event(tls={"sni": "a.example"}, direction="to_client", **turned),
        event(tls={"sni": "a.example"}, flow=first, **turned),
        event(tls={"sni": "a.example"}, direction="to_server"),
    )

    collect_paths(tmp_path / "a")

    assert (
        hosts(store, "client_ip, client_port, remote_ip, remote_port") == [("10.0.1.5", 49152, "203.0.113.10", 443)] * 3
    )


def test_normalise_when_ipv6_then_canonical_with_halves(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    addresses = {"src_ip": "FD00:0::5", "dest_ip": "2001:DB8::0:10"}
    write(tmp_path / "a", event(tls={"sni": "a.example"}, **addresses), netflow(**addresses))

    collect_paths(tmp_path / "a")

    assert hosts(store, "client_ip, remote_ip, ip_version, client_hi = 0") == [("fd00::5", "2001:db8::10", 6, False)]
    assert flows(store, "client_ip, remote_ip, ip_version, remote_block = remote_hi") == [
        ("fd00::5", "2001:db8::10", 6, True)
    ]


def test_normalise_when_lines_are_bad_then_rejected_by_line(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        netflow(),
        '{"firewall_name": ',
        netflow(src_ip="nobody"),
        event(tls={"sni": "a.example"}, src_ip="10.0.0.999"),
        event(tls={"sni": "b.example"}),
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 1, "tls_connection": 1}, 3)
    assert "line 2: " in report.outcome.reason


def test_sniff_when_plain_eve_then_not_ours() -> None:
    assert FORMAT.sniff(Head("x", json.dumps({"event_type": "tls", "src_ip": "1.2.3.4"}).encode())) == 0
