"""Runners and forward proxies: others' traffic, whoever runs the machine."""

import pytest

from shadowscan.enrich.owner.explain import explain_owner
from tests.enrich.owner.evidence.company import ACCOUNT, FUNCTION, Company

SERVICE = f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/main/"


def company_with(name: str, tags: dict[str, str]) -> Company:
    company = Company()
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=SERVICE + name)
    company.asset(SERVICE + name, "service", tags, name=name)
    company.call("10.1.2.3")
    return company


@pytest.mark.parametrize(
    "name", ["gitlab-runner", "github-actions-runners", "buildkite-agent-2", "squid", "egress-proxy"]
)
def test_owner_when_a_runner_or_proxy_then_shared_though_it_is_tagged(name: str) -> None:
    company = company_with(name, {"team": "platform"})

    assert company.owner(SERVICE + name)[:2] == ("unknown", "shared")
    assert ("tag", "platform") in [(said["source"], said["value"]) for said in company.evidence(SERVICE + name)]


@pytest.mark.parametrize("name", ["ranker", "test-runner-results", "circuit-agent", "llm-proxy", "squidward"])
def test_owner_when_only_like_one_then_its_own(name: str) -> None:
    assert company_with(name, {"team": "search"}).owner(SERVICE + name)[:2] == ("search", "owned")


def test_owner_when_tagged_by_the_runner_module_then_shared() -> None:
    company = company_with("builder", {"ghr:Application": "github-action-runner", "team": "platform"})

    assert company.owner(SERVICE + "builder")[1] == "shared"


def test_owner_when_owners_yaml_names_the_runner_then_that_settles_it() -> None:
    company = company_with("gitlab-runner", {})
    company.document = {"resources": [{"id": SERVICE + "gitlab-runner", "team": "platform"}]}

    assert company.owner(SERVICE + "gitlab-runner") == ("platform", "owned", 1.0, "owners_yaml")


def test_candidates_when_a_runner_then_the_teams_of_its_network() -> None:
    company = company_with("gitlab-runner", {})
    company.asset("eni-0d", "eni", address="10.1.2.4", parent_id=FUNCTION)
    company.asset(FUNCTION, "function", {"team": "search"})
    company.call("10.1.2.4")
    company.owner(SERVICE + "gitlab-runner")

    [found] = explain_owner(company.network.store, SERVICE + "gitlab-runner")

    assert found["candidates"] == ["search"]
