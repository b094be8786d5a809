import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

from shadowscan.model.finding import Finding
from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit
from tests.reporters.render import render

# From https://github.com/oasis-tcs/sarif-spec, OASIS Open, under the OASIS IPR policy; unchanged.
SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text())


def run() -> Any:
    return json.loads(render("sarif"))["runs"][0]


def result_of(finding: Finding) -> Any:
    audit = replace(make_audit(), findings=(finding,))
    return json.loads(find_reporter("sarif").render(audit, RenderOptions()))["runs"][0]["results"][0]


def the_key() -> Finding:
    return next(f for f in make_audit().findings if f.rule_id == "keys.leaked-key" and f.locations)


def test_log_follows_the_schema() -> None:
    Draft4Validator(SCHEMA).validate(json.loads(render("sarif")))


def test_every_result_points_at_its_rule() -> None:
    made = run()
    rules = made["tool"]["driver"]["rules"]

    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in made["results"])
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)


def test_fingerprint_is_partial_fingerprint() -> None:
    fingerprints = {result["partialFingerprints"]["fingerprint/v1"] for result in run()["results"]}

    assert fingerprints == {finding.fingerprint for finding in make_audit().findings}


def test_suppressed_finding_carries_its_inline_comment() -> None:
    (suppression,) = [s for result in run()["results"] for s in result["suppressions"]]

    assert (suppression["kind"], suppression["justification"]) == ("inSource", "pragma: allowlist secret")


def test_baseline_state_follows_history() -> None:
    finding = the_key()

    assert result_of(finding)["baselineState"] == "new"
    assert result_of(replace(finding, baselined=True))["baselineState"] == "unchanged"
    assert result_of(replace(finding, state="resolved"))["baselineState"] == "absent"


def test_path_in_a_repository_is_a_relative_encoded_uri() -> None:
    first = result_of(the_key())["locations"][0]["physicalLocation"]

    assert first["artifactLocation"]["uri"] == "config%20dir/%C3%BC%25%0A%3A%3Aerror%3A%3A.env"
    assert first["artifactLocation"]["uriBaseId"] == "acme/api"
    assert first["region"] == {"startLine": 7}


def test_paths_of_one_repository_need_no_base() -> None:
    finding = the_key()
    artifact = result_of(replace(finding, locations=finding.locations[:2]))["locations"][0]["physicalLocation"]

    assert "uriBaseId" not in artifact["artifactLocation"]


def test_network_finding_has_a_logical_location_and_says_that_it_is_in_no_file() -> None:
    finding = next(f for f in make_audit().findings if not f.locations and f.type == "finding")
    (location,) = result_of(finding)["locations"]

    assert location["physicalLocation"]["artifactLocation"]["uri"] == "not-in-a-file"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == finding.subject.id


def test_every_location_has_an_artifact_and_a_line_or_code_scanning_refuses_the_log() -> None:
    places = [location["physicalLocation"] for result in run()["results"] for location in result["locations"]]

    assert all(result["locations"] for result in run()["results"])
    assert all(place["artifactLocation"]["uri"] and place["region"]["startLine"] >= 1 for place in places)


def test_lead_asks_for_review() -> None:
    lead = next(result for result in run()["results"] if result["ruleId"].startswith("hunt."))

    assert (lead["kind"], lead["level"]) == ("review", "none")


def test_message_of_the_evidence_is_neither_link_nor_placeholder() -> None:
    texts = [result["message"]["text"] for result in run()["results"]]

    assert any("\\[here\\](https://evil.example)" in text and "{{0}}" in text for text in texts)


def test_incomplete_run_says_what_failed() -> None:
    (invocation,) = run()["invocations"]
    ids = [note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]]

    assert invocation["executionSuccessful"] is False
    assert sorted(ids) == ["blind-spot", "rule-failed", "source-failed", "source-partial", "source-skipped"]
    assert [n["associatedRule"]["id"] for n in invocation["toolConfigurationNotifications"]] == [
        "residency.out-of-region"
    ]
