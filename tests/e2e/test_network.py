"""Traffic, names, gateways, regions and owners through the command line, as the contract says them."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.network import DAY, START, Site, found

UNAPPROVED = "egress.unapproved-vendor"
BYPASS = "egress.gateway-bypass"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_scan_when_no_policy_then_medium_and_exit_0(site: Site) -> None:
    site.call("10.1.0.5", "api.openai.com", "203.0.113.1")

    audit = site.scan()

    [finding] = found(audit, UNAPPROVED).values()
    assert (finding["severity"], finding["vendor"]["status"], audit["exit"]) == ("medium", "unapproved", 0)
    assert "no policy" in {entry["blind_spot"] for entry in audit["coverage"]}
    states = {rule["id"]: rule["state"] for rule in audit["rules"]}
    assert (states[BYPASS], states["residency.out-of-region"]) == ("not_evaluable", "not_evaluable")


def test_scan_when_approval_ran_out_then_only_traffic_after_that_day_counts(site: Site) -> None:
    site.call("10.1.0.5", "api.openai.com", "203.0.113.1")
    site.call("10.1.0.5", "api.openai.com", "203.0.113.1", START + DAY, bytes=333)

    audit = site.scan("vendors: {approved: [{id: openai, review_due: 2026-09-30}]}\n")

    [finding] = found(audit, UNAPPROVED).values()
    assert (finding["vendor"]["status"], finding["severity"]) == ("expired", "high")
    assert (finding["event_count"], finding["bytes_out"], finding["first_seen_at"]) == (1, 333, "2026-10-01T08:00:00Z")
    assert [item["status"] for item in audit["inventory"]] == ["expired"]


def test_scan_when_team_is_limited_then_other_teams_and_unknown_owners_are_told_apart(site: Site) -> None:
    for last in (1, 2, 3):
        site.call(f"10.1.{last}.5", "api.anthropic.com", "160.79.104.10")
    owners = """
teams: [{name: search}, {name: growth}]
cidrs: [{cidr: 10.1.1.0/24, vpc: vpc-0a, team: search}, {cidr: 10.1.2.0/24, vpc: vpc-0a, team: growth}]
"""

    audit = site.scan("vendors: {approved: [{id: anthropic, teams: [search]}]}\n", owners)

    findings = found(audit, UNAPPROVED)
    assert set(findings) == {("vpc-0a/10.1.2.5", "anthropic"), ("vpc-0a/10.1.3.5", "anthropic")}
    assert findings["vpc-0a/10.1.2.5", "anthropic"]["confidence"] == "high"
    unknown = findings["vpc-0a/10.1.3.5", "anthropic"]
    assert unknown["confidence"] == "low"
    assert "search" in unknown["message"]


@pytest.mark.parametrize(
    ("host", "severity"),
    [
        ("api.deepseek.com", "high"),
        ("copilot-telemetry.githubusercontent.com", "medium"),
        ("docs.cohere.com", None),
        ("status.deepseek.com", None),
        ("api.openai.com.lookalike.example", None),
    ],
)
def test_scan_when_surface_is_not_use_then_inventory_at_most(site: Site, host: str, severity: str | None) -> None:
    site.call("10.1.0.5", host, "203.0.113.1")

    audit = site.scan("vendors: {denied: [deepseek, github-copilot, cohere, openai]}\n")

    assert [finding["severity"] for finding in found(audit, UNAPPROVED).values()] == ([severity] if severity else [])
    assert len(audit["inventory"]) == (0 if "lookalike" in host else 1)


def test_scan_when_rejected_then_no_egress(site: Site) -> None:
    site.call("10.1.0.5", "api.deepseek.com", "203.0.113.1", action="REJECT")

    audit = site.scan("vendors: {denied: [deepseek]}\n")

    assert (found(audit, UNAPPROVED), audit["exit"]) == ({}, 0)


def test_scan_when_private_addresses_repeat_then_each_vpc_has_its_own(site: Site) -> None:
    for vpc, team in (("vpc-0a", "search"), ("vpc-0b", "growth")):
        site.call("10.1.0.5", "api.openai.com", "203.0.113.1", vpc=vpc)
        site.interface("10.1.0.5", vpc=vpc, Team=team)

    findings = found(site.scan(owners="teams: [{name: search}, {name: growth}]\n"), UNAPPROVED)

    owned = {
        subject: (finding["owner"]["team"], finding["owner"]["status"]) for (subject, _), finding in findings.items()
    }
    assert owned == {"vpc-0a/10.1.0.5": ("search", "owned"), "vpc-0b/10.1.0.5": ("growth", "owned")}
    assert all(finding["owner"]["evidence"] for finding in findings.values())


def test_scan_when_names_compete_within_a_minute_then_no_vendor_unless_both_are_its(site: Site) -> None:
    early = START - timedelta(seconds=50)
    for client, other in (("10.1.0.5", "www.example.com"), ("10.1.0.6", "chatgpt.com")):
        site.answer(client, "api.openai.com", "203.0.113.1", early)
        site.call(client, other, "203.0.113.1")

    audit = site.scan()

    assert set(found(audit, UNAPPROVED)) == {("vpc-0a/10.1.0.6", "openai")}
    assert "competing names" in {entry["blind_spot"] for entry in audit["coverage"]}


@pytest.mark.parametrize(("seconds", "count"), [(6 * 3600 - 1, 1), (6 * 3600, 0)])
def test_scan_when_answer_is_older_than_the_window_then_it_names_nothing(site: Site, seconds: int, count: int) -> None:
    site.answer("10.1.0.5", "api.openai.com", "203.0.113.1", START - timedelta(seconds=seconds))
    site.flow("10.1.0.5", "203.0.113.1")

    assert len(found(site.scan(), UNAPPROVED)) == count


def test_scan_when_nothing_was_asked_then_own_ranges_and_named_services_still_tell(site: Site) -> None:
    site.flow("10.1.0.5", "160.79.104.10")
    site.flow("10.1.0.6", "52.94.1.1", service="BEDROCK")
    site.flow("10.1.0.7", "52.94.1.2", service="S3")

    findings = found(site.scan(), UNAPPROVED)

    assert set(findings) == {("vpc-0a/10.1.0.5", "anthropic"), ("vpc-0a/10.1.0.6", "aws-bedrock")}
    assert {finding["confidence"] for finding in findings.values()} == {"medium"}


def test_scan_when_gateway_has_addresses_then_only_others_bypass_it(site: Site) -> None:
    places = [("10.9.0.10", "vpc-0a"), ("10.9.1.3", "vpc-0a"), ("10.9.1.3", "vpc-0b"), ("10.1.0.5", "vpc-0a")]
    for client, vpc in places:
        site.call(client, "api.openai.com", "203.0.113.1", vpc=vpc)
    site.call("10.1.0.6", "llm.acme.internal", "10.9.0.10")
    policy = """
vendors: {approved: [openai]}
gateways:
  - {name: gw, hosts: [llm.acme.internal], addresses: [10.9.0.10, {cidr: 10.9.1.0/28, vpc: vpc-0a}], vendors: [openai]}
"""

    audit = site.scan(policy)

    assert set(found(audit, BYPASS)) == {("vpc-0b/10.9.1.3", "openai"), ("vpc-0a/10.1.0.5", "openai")}
    via = {
        item["subject"].rpartition("/")[2]: item["via"]
        for item in audit["inventory"]
        if "vpc-0b" not in item["subject"]
    }
    assert via == {"10.9.0.10": "gateway", "10.9.1.3": "gateway", "10.1.0.6": "gateway", "10.1.0.5": "direct"}


def test_scan_when_residency_is_said_then_every_route_is_judged(site: Site) -> None:
    hosts = {
        "us.api.openai.com": "violation",
        "eu.api.openai.com": "pass",
        "api.openai.com": "unknown",
        "bedrock-runtime.us-west-2.amazonaws.com": "possible",
        "bedrock-runtime.eu-central-1.amazonaws.com": "possible",
    }
    for number, host in enumerate(hosts, 1):
        site.call(f"10.1.0.{number}", host, f"203.0.113.{number}")

    audit = site.scan("residency: {allowed: [eu_eea]}\n")

    assert {item["route"]: item["verdict"] for item in audit["residency"]} == hosts
    [violation] = found(audit, "residency.out-of-region").values()
    assert violation["region"] == {"region": "us", "group": "us", "evidence": "R4", "verdict": "violation"}
    assert found(audit, UNAPPROVED)["vpc-0a/10.1.0.1", "openai"]["region"] == violation["region"]


def test_scan_when_collector_lost_records_then_share_of_time_and_complete(site: Site) -> None:
    site.flow("10.1.0.5", "203.0.113.9")
    for minutes, status in ((10, "SKIPDATA"), (30, "SKIPDATA"), (40, "NODATA")):
        site.gap(status, START + timedelta(minutes=minutes), 180)
    site.flow("10.1.0.5", "203.0.113.9", START + timedelta(seconds=3550))

    audit = site.scan()

    [lost] = [entry for entry in audit["coverage"] if "SKIPDATA" in entry["blind_spot"]]
    assert "10.0 %" in lost["why"]
    assert (audit["exit"], audit["run"]["complete"]) == (0, True)


def test_scan_when_evidence_is_shown_then_it_points_at_the_lines(site: Site) -> None:
    site.interface("10.1.0.5", instance="i-0a1", Name="llm-proxy")
    site.call("10.1.0.99", "www.example.com", "203.0.113.2")
    site.call("10.1.0.5", "api.openai.com", "203.0.113.1")

    [finding] = found(site.scan(), UNAPPROVED).values()

    assert finding["subject"]["label"] == "llm-proxy"
    assert finding["subject"]["id"].endswith(":instance/i-0a1")
    lines = {
        entry["kind"]: (entry["locator"]["line"], Path(entry["locator"]["object"]).name)
        for entry in finding["evidence"]
    }
    assert lines == {"flow": (3, "flow.log"), "dns_answer": (2, "dns.log")}


def test_scan_when_tag_is_a_person_and_owners_disagree_then_conflict_shows_both(site: Site) -> None:
    site.call("10.1.0.5", "api.openai.com", "203.0.113.1", instance="i-0a1")
    site.interface("10.1.0.5", instance="i-0a1", squad="ann@acme.example")
    owners = """
teams: [{name: search, members: [ann@acme.example]}, {name: growth}]
accounts: {"470100000011": growth}
tag_keys: [squad]
"""

    [finding] = found(site.scan(owners=owners), UNAPPROVED).values()

    assert (finding["owner"]["team"], finding["owner"]["status"]) == ("growth", "conflict")
    assert {entry["value"] for entry in finding["owner"]["evidence"]} == {"growth", "ann@acme.example"}
