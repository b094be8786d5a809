"""Logs of Google Cloud and Azure, end to end: flows get their names from the same cloud's resolver log."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.cli import run

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.mark.parametrize(
    ("logs", "vendor", "subject", "sent", "received"),
    [
        (("gcp_vpc_flow", "gcp_dns"), "openai", "etl-1", 5120, 88000),
        (("azure_vnet_flow", "azure_dns"), "openai", "10.2.0.4", 57400, 419011),
        (("azure_firewall",), "mistral", "10.2.0.6", 0, 0),
    ],
)
def test_scan_when_a_cloud_logs_flows_and_names_then_the_egress_is_named(
    tmp_path: Path, logs: tuple[str, ...], vendor: str, subject: str, sent: int, received: int
) -> None:
    targets = [str(SAMPLES / f"{log}.json") for log in logs]
    output = tmp_path / "audit.json"

    code = run(["scan", *targets, "--db", ":memory:", "-q", "--fail-on", "never", "--format", f"json={output}"])

    found: list[dict[str, Any]] = json.loads(output.read_text("utf-8"))["findings"]
    assert code == 0
    assert [
        (one["vendor"]["id"], one["bytes_out"], one["bytes_in"], one["confidence"])
        for one in found
        if one["rule_id"] == "egress.unapproved-vendor"
        and one["subject"]["label"].endswith(subject)
        and one["vendor"]["id"] == vendor
    ] == [(vendor, sent, received, "high")]


def test_scan_when_google_samples_and_tells_twice_then_coverage_says_so(tmp_path: Path) -> None:
    output = tmp_path / "audit.json"

    target = str(SAMPLES / "gcp_vpc_flow.json")
    run(["scan", target, "--db", ":memory:", "-q", "--fail-on", "never", "--format", f"json={output}"])

    said = {spot["blind_spot"]: spot["why"] for spot in json.loads(output.read_text("utf-8"))["coverage"]}
    assert said["records sampled"] == "4 records sampled in 1 objects"
    assert said["records told twice"] == "1 records that another record tells too were counted once, in 1 objects"
