"""From a packet to a team through the command line, and what bad evidence of ownership comes to."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.network import ACCOUNT, REGION, Site, found

UNAPPROVED = "egress.unapproved-vendor"
TEAMS = "teams: [search, growth]\n"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:ranker"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "logs").mkdir()
    return Site(tmp_path)


def put(site: Site, name: str, content: str | dict[str, Any]) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (site.folder / "logs" / name).write_text(text, "utf-8")


def call(site: Site, client: str) -> None:
    site.call(client, "api.openai.com", "203.0.113.1")


def owner(audit: dict[str, Any], subject: str) -> dict[str, Any]:
    return dict(found(audit, UNAPPROVED)[subject, "openai"]["owner"])


def source(audit: dict[str, Any], form: str) -> dict[str, Any]:
    return next(each for each in audit["sources"] if each["format"] == form)


def test_packet_of_a_function_leads_to_the_team_of_the_person_in_its_tag(site: Site) -> None:
    call(site, "10.1.1.5")
    site.interface("10.1.1.5")
    site.interfaces[0]["Description"] = "AWS Lambda VPC ENI-ranker-0f0f0f0f-aaaa-bbbb-cccc-0123456789ab"
    put(site, "tags.json", {
        "ResourceTagMappingList": [{"ResourceARN": FUNCTION, "Tags": [{"Key": "owner", "Value": "Sam@acme.example"}]}]
    })  # fmt: skip
    put(site, "people.csv", "email,team,active\nsam@acme.example,search,yes\n")

    said = owner(site.scan(owners=TEAMS), FUNCTION)

    assert (said["team"], said["status"], said["decided_by"]) == ("search", "owned", "tag")


def test_packet_of_a_pod_leads_to_the_team_of_its_namespace(site: Site) -> None:
    call(site, "10.1.2.77")
    site.interface("10.1.2.10", instance="i-0d")
    pod = {
        "kind": "Pod",
        "metadata": {"name": "p-1", "namespace": "ranking", "ownerReferences": [{"kind": "StatefulSet", "name": "p"}]},
        "status": {"podIP": "10.1.2.77", "hostIP": "10.1.2.10", "phase": "Running"},
    }
    space = {"kind": "Namespace", "metadata": {"name": "ranking", "labels": {"team": "growth"}}}
    put(site, "pods.json", {"apiVersion": "v1", "kind": "List", "items": [pod, space]})

    said = owner(site.scan(owners=TEAMS), "k8s://unknown/ranking/statefulset/p")

    assert (said["team"], said["decided_by"]) == ("growth", "kubernetes")


def test_team_of_an_address_plan_that_nobody_declared_is_a_finding_with_the_nearest(site: Site) -> None:
    call(site, "10.1.3.5")
    put(site, "plan.csv", "cidr,team,vpc\n10.1.3.0/24,serch,vpc-0a\n")

    audit = site.scan(owners=TEAMS)

    [finding] = [each for each in audit["findings"] if each["rule_id"] == "owners.unknown-team"]
    assert "plan.csv:2 names the team serch" in finding["message"]
    assert "nearest team search" in finding["message"]
    assert owner(audit, "vpc-0a/10.1.3.5")["confidence"] == 0.3


def test_range_of_two_teams_is_a_conflict_that_shows_both(site: Site) -> None:
    call(site, "10.1.4.5")
    put(site, "plan.csv", "cidr,team\n10.1.4.0/24,search\n10.1.4.0/24,growth\n10.1.4.0/33,none\n")

    audit = site.scan(owners=TEAMS)

    said = owner(audit, "vpc-0a/10.1.4.5")
    assert (said["status"], {each["value"] for each in said["evidence"]}) == ("conflict", {"search", "growth"})
    assert source(audit, "cidr_csv")["rejected"] == 1


def test_address_of_two_instances_at_one_time_is_nobodys_and_both_are_named(site: Site) -> None:
    call(site, "10.1.5.5")
    site.interface("10.1.5.5", instance="i-0a", team="search")
    site.interface("10.1.5.5", instance="i-0b", team="growth")

    said = owner(site.scan(owners=TEAMS), "vpc-0a/10.1.5.5")

    assert (said["team"], said["status"]) == (None, "shared")
    assert "instance/i-0a" in said["evidence"][0]["key"]
    assert "instance/i-0b" in said["evidence"][0]["key"]


def test_tag_with_control_and_direction_characters_names_its_team(site: Site) -> None:
    call(site, "10.1.6.5")
    site.interface("10.1.6.5", team="sea\u202erch\r\n\u0007")

    assert owner(site.scan(owners=TEAMS), "vpc-0a/10.1.6.5")["team"] == "search"


def test_files_that_crash_parsers_are_counted_and_the_rest_of_them_is_kept(site: Site) -> None:
    call(site, "10.1.7.5")
    put(site, "CODEOWNERS", "[Data Science][2] @ds\nmodels/\n[broken @x\n/docs/ not-an-owner\n* @acme/core\n")
    groups = [
        f"apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\nspec: {{parent: {parent}}}\n"
        for name, parent in (("a", "b"), ("b", "a"), ("c", "a"))
    ]
    put(site, "catalog-info.yaml", "---\n".join(groups))

    audit = site.scan(owners=TEAMS)

    assert (source(audit, "codeowners")["state"], source(audit, "codeowners")["rejected"]) == ("collected", 2)
    assert (source(audit, "backstage")["rejected"], audit["exit"]) == (1, 0)
    assert "group:default/a → group:default/b" in source(audit, "backstage")["reason"]
