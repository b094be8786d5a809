"""Istio access logs on a real DuckDB: sidecars, gateways, what the registry refused, and what is no egress."""

from pathlib import Path

import pytest

from shadowscan.collect.formats import envoy, istio
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect

TEXT, JSON = SAMPLES / "istio.log", SAMPLES / "istio_access.json"
HOSTS = "line, sensor, client_ip, client_port, remote_ip, named_by, host, bytes_out, bytes_in"


def test_normalise_when_text_then_sidecars_and_gateways_are_told_apart(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(TEXT)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("istio", 0)
    assert store.query(f"select {HOSTS} from tls_connection order by line").rows == [
        (1, "mesh", "10.244.0.6", 59668, "203.0.113.50", "sni", "api.openai.com", 901, 4875),
        (4, "mesh", "10.244.0.8", 41100, "unknown", "http_host", "api.mistral.ai", 512, 1024),
        (5, "proxy", "10.244.0.8", 41100, "203.0.113.60", "http_host", "api.mistral.ai", 512, 1024),
        (7, "mesh", "2001:db8::6", 38951, "2001:db8:1::7", "http_host", "api.x.ai", 0, 48),
    ]
    assert store.query("select kind, count from coverage_note").rows == [("no_host", 1)]  # the inbound one


def test_normalise_when_no_name_was_seen_then_the_address_asked_for_is_a_flow(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(TEXT)

    flows = "line, client_ip, client_port, remote_ip, remote_port, direction, action, bytes"
    assert store.query(f"select {flows} from flow order by line, direction").rows == [
        (2, "10.244.0.67", 43514, "203.0.113.52", 443, "egress", "accept", 789),
        (2, "10.244.0.67", 43514, "203.0.113.52", 443, "ingress", "accept", 6096),
        (3, "10.244.0.67", 54754, "203.0.113.51", 443, "egress", "reject", 0),
    ]


def test_normalise_when_json_then_as_text(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(JSON)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("istio", 0)
    assert store.query(f"select {HOSTS} from tls_connection").rows == [
        (1, "mesh", "10.244.0.7", 37685, "203.0.113.60", "http_host", "api.mistral.ai", 358, 9200)
    ]


@pytest.mark.parametrize("path", [TEXT, JSON, SAMPLES / "envoy.log", SAMPLES / "envoy_gateway.json"])
def test_sniff_when_either_then_only_its_own_is_surest(path: Path) -> None:
    head = Head("x", path.read_bytes())

    assert (istio.FORMAT.sniff(head) > envoy.FORMAT.sniff(head)) is ("istio" in path.name)
    assert max(istio.FORMAT.sniff(head), envoy.FORMAT.sniff(head)) > 0.5


def test_normalise_when_the_container_says_other_things_then_those_lines_are_counted(
    tmp_path: Path, collect_paths: Collect
) -> None:
    said = "2026-08-01T00:00:00.146859Z\tinfo\tReadiness succeeded in 1.475679178s\n"
    (tmp_path / "a").write_text(said + TEXT.read_text())

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 1
    assert report.outcome.reason.endswith("line 1: no record of this log")
