"""Acme's story, end to end through the command line: what a new user sees, held line by line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shadowscan.cli import run
from shadowscan.demo.company import Company, write_company


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    yield write_company(tmp_path_factory.mktemp("acme") / "acme")


@pytest.fixture(scope="module")
def audit(company: Company) -> dict[str, Any]:
    return scan(company, "first.json")


def scan(company: Company, name: str, *more: str) -> dict[str, Any]:
    folder = company.policy.parent
    output = folder / name
    arguments = ["scan", *map(str, company.targets), "--db", str(folder / "store.duckdb"), "-q"]
    arguments += ["--policy", str(company.policy), "--owners", str(company.owners), "--format", f"json={output}"]
    code = run([*arguments, *more])
    document: dict[str, Any] = json.loads(output.read_text("utf-8"))
    document["exit"] = code
    return document


def of_rule(audit: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [finding for finding in audit["findings"] if finding["rule_id"] == rule]


def test_scan_when_company_has_shadow_ai_then_exit_1_and_complete(audit: dict[str, Any]) -> None:
    assert (audit["exit"], audit["run"]["complete"]) == (1, True)
    assert {source["state"] for source in audit["sources"]} <= {"collected", "skipped"}


@pytest.mark.parametrize(
    ("label", "vendor", "status", "team"),
    [
        ("ranker", "openai", "unapproved", "search"),
        ("llm-proxy", "openai", "unapproved", "search"),
        ("campaign-writer", "deepseek", "denied", "growth"),
    ],
)
def test_unapproved_traffic_when_seen_then_named_owned_and_explained(
    audit: dict[str, Any], label: str, vendor: str, status: str, team: str
) -> None:
    (finding,) = [
        finding
        for finding in of_rule(audit, "egress.unapproved-vendor")
        if finding["vendor"]["id"] == vendor and label in finding["subject"]["label"]
    ]
    assert (finding["severity"], finding["vendor"]["status"]) == ("high", status)
    assert (finding["owner"]["team"], finding["owner"]["status"]) == (team, "owned")
    assert finding["owner"]["evidence"]
    assert {"flow", "dns_answer"} <= {evidence["kind"] for evidence in finding["evidence"]}
    assert finding["bytes_out"] > 0


def test_unapproved_traffic_when_rejected_lookalike_or_gateway_then_quiet(audit: dict[str, Any]) -> None:
    vendors = {finding["vendor"]["id"] for finding in of_rule(audit, "egress.unapproved-vendor")}
    assert vendors == {"openai", "deepseek"}


def test_bypass_when_approved_vendor_is_reached_directly_then_found_but_never_for_the_gateway(
    audit: dict[str, Any],
) -> None:
    bypassed = {(f["subject"]["label"], f["vendor"]["id"]) for f in of_rule(audit, "egress.gateway-bypass")}
    assert {vendor for _, vendor in bypassed} == {"anthropic", "mistral"}
    assert not any("gateway" in label for label, _ in bypassed)


def test_keys_when_deleted_or_untracked_then_found_and_never_printed(audit: dict[str, Any]) -> None:
    keys = {finding["locations"][0]["repo"]: finding for finding in of_rule(audit, "keys.leaked-key")}
    assert {repo: finding["severity"] for repo, finding in keys.items()} == {
        "acme/search-ranker": "high",
        "acme/crm": "critical",
    }
    assert {repo: finding["vendor"]["status"] for repo, finding in keys.items()} == {
        "acme/search-ranker": "unapproved",
        "acme/crm": "approved",
    }
    assert keys["acme/search-ranker"]["locations"][0]["in_head"] is False
    assert keys["acme/search-ranker"]["owner"]["team"] == "search"
    text = json.dumps(audit)
    assert "T3Blbk" + "FJ" not in text


def test_gateways_when_home_made_then_seen_in_code_and_network(audit: dict[str, Any]) -> None:
    (homemade,) = of_rule(audit, "gateway.homemade")
    assert homemade["subject"]["id"].startswith("acme/llm-proxy")
    (relay,) = of_rule(audit, "gateway.network-relay")
    assert "llm-proxy" in relay["subject"]["label"]


def test_residency_when_prompt_leaves_the_region_then_violation_and_unknown_is_not_fine(audit: dict[str, Any]) -> None:
    (violation,) = of_rule(audit, "residency.out-of-region")
    assert violation["region"]["evidence"] == "R4"
    assert violation["subject"]["label"] == "ranker"
    assert of_rule(audit, "residency.region-unknown")
    assert {item["verdict"] for item in audit["residency"]} >= {"violation", "unknown", "pass", "possible"}


def test_orphan_accounts_when_nobody_owns_them_then_three(audit: dict[str, Any]) -> None:
    assert len(of_rule(audit, "spend.unattributed-account")) == 3


def test_coverage_when_collector_lost_records_then_said(audit: dict[str, Any]) -> None:
    assert any("skipdata" in entry["blind_spot"].lower() for entry in audit["coverage"])


def test_scan_when_run_again_then_everything_is_unchanged(company: Company, audit: dict[str, Any]) -> None:
    again = scan(company, "again.json")
    assert {finding["fingerprint"] for finding in again["findings"]} == {
        finding["fingerprint"] for finding in audit["findings"]
    }
    assert {finding["state"] for finding in again["findings"]} == {"unchanged"}


def test_attribution_when_quarter_is_closed_then_growth_and_adoption_are_the_story(company: Company) -> None:
    folder = company.policy.parent
    scan(company, "third.json")
    figures = report(folder, "attribution", company)
    assert (figures["total_api_spend"], figures["growth_percent"]) == ("140000.00", 40.0)
    assert len(figures["unattributed_accounts"]) == 3
    assert report(folder, "adoption", company)["adoption"]["low"] == 14.0


def report(folder: Path, name: str, company: Company) -> dict[str, Any]:
    file = folder / f"{name}.json"
    arguments = ["report", name, "--db", str(folder / "store.duckdb"), "--policy", str(company.policy)]
    assert run([*arguments, "--format", f"json={file}"]) == 0
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return document


def test_readme_when_it_shows_a_terminal_then_every_line_is_what_the_demo_prints(
    company: Company, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    excerpt = readme.split("<!-- excerpt -->")[1].split("<!-- /excerpt -->")[0].strip("`\n").splitlines()[2:]
    arguments = ["scan", *map(str, company.targets), "--db", ":memory:", "-q"]
    run([*arguments, "--policy", str(company.policy), "--owners", str(company.owners)])
    printed = set(capfd.readouterr().out.splitlines())
    assert len(excerpt) > 10
    assert [line for line in excerpt if line and line not in printed] == []
