"""Logs of egress proxies, end to end: the client behind the proxy is found, once, and the proxy is no relay."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.cli import run

SAMPLES = Path(__file__).parents[1] / "samples"
START = 1785542400
PROXY, VENDOR = "10.0.9.9", "160.79.104.10"
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
    "log-status vpc-id flow-direction"
)


def flow(source: str, target: str, size: int, direction: str, *, interface: str = "eni-p") -> str:
    """One record of a flow log; an address may have a port."""
    (source, _, source_port), (target, _, target_port) = source.partition(":"), target.partition(":")
    ends = f"{source} {target} {source_port} {target_port}"
    return f"2 123456789012 {interface} {ends} 6 9 {size} {START} {START + 58} ACCEPT OK vpc-0a {direction}"


def scan(folder: Path, *targets: Path) -> list[tuple[str, str, str, int, int]]:
    """The audit's findings: rule, vendor, subject, bytes out and in."""
    output = folder / "audit.json"
    words = [str(target) for target in targets]
    code = run(["scan", *words, "--db", ":memory:", "-q", "--fail-on", "never", "--format", f"json={output}"])
    assert code == 0
    found: list[dict[str, Any]] = json.loads(output.read_text("utf-8"))["findings"]
    return [
        (
            one["rule_id"], (one["vendor"] or {}).get("id", ""), one["subject"]["label"].rpartition("/")[2],
            one["bytes_out"], one["bytes_in"],
        )
        for one in found
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "client", "sent", "received"),
    [
        ("squid.log", "10.0.1.5", 0, 28854),
        ("envoy.log", "10.0.1.5", 5210, 102931),
        ("envoy_gateway.json", "10.0.1.5", 5210, 102931),
        ("istio.log", "10.244.0.6", 901, 4875),
        ("nginx.log", "10.0.1.5", 0, 28854),
        ("haproxy.log", "10.0.1.5", 0, 2750),
        ("proxy_csv_zscaler.csv", "10.0.1.5", 5210, 102931),
        ("proxy_csv_netskope.csv", "10.0.1.5", 2971, 2050),
        ("proxy_json_zscaler.json", "10.0.1.5", 5210, 102931),
        ("proxy_csv_paloalto.csv", "10.0.1.5", 20642, 21111),  # named by one record, counted by another
        ("fortigate.log", "10.0.1.5", 21188, 181224),
    ],
)
def test_scan_when_a_proxy_logs_a_vendor_then_its_client_with_its_bytes(
    tmp_path: Path, sample: str, client: str, sent: int, received: int
) -> None:
    found = scan(tmp_path, SAMPLES / sample)

    assert ("egress.unapproved-vendor", "openai", client, sent, received) in found
    assert not [one for one in found if one[0] == "gateway.network-relay" or one[1] == "deepseek"]  # that was refused


def test_scan_when_sidecar_and_egress_gateway_log_one_request_then_counted_once(tmp_path: Path) -> None:
    found = scan(tmp_path, SAMPLES / "istio.log")

    assert [one for one in found if one[1] == "mistral"] == [
        ("egress.unapproved-vendor", "mistral", "10.244.0.8", 512, 1024)
    ]


@pytest.mark.parametrize("interfaces", ["all", "the proxy's"])
def test_scan_when_flow_logs_stand_beside_the_proxys_then_counted_once_and_no_relay(
    tmp_path: Path, interfaces: str
) -> None:
    lines, flows = [], [HEADER]
    for number in (5, 6, 7):
        client = f"10.0.1.{number}:4000{number}"
        lines.append(
            f"{START + 50}.100  45000 10.0.1.{number} TCP_TUNNEL/200 20000 CONNECT api.anthropic.com:443 - "
            f"HIER_DIRECT/{VENDOR} -"
        )
        is_clients = interfaces == "all"
        asked, told = ("egress", "ingress") if is_clients else ("ingress", "egress")
        interface = f"eni-{number}" if is_clients else "eni-p"
        flows += [
            flow(client, f"{PROXY}:3128", 2000, asked, interface=interface),
            flow(f"{PROXY}:3128", client, 21000, told, interface=interface),
            flow(f"{PROXY}:5000{number}", f"{VENDOR}:443", 1800, "egress"),
            flow(f"{VENDOR}:443", f"{PROXY}:5000{number}", 20500, "ingress"),
        ]
    (tmp_path / "squid.log").write_text("\n".join(lines) + "\n")
    (tmp_path / "flow.log").write_text("\n".join(flows) + "\n")

    found = scan(tmp_path, tmp_path / "squid.log", tmp_path / "flow.log")

    assert sorted(found) == [
        ("egress.unapproved-vendor", "anthropic", f"10.0.1.{number}", 0, 20000) for number in (5, 6, 7)
    ]
