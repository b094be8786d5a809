"""Owners through Backstage: systems of other files, groups above, users, labels of workloads, circles."""

import pytest

from tests.enrich.owner.evidence.company import FUNCTION, Company
from tests.enrich.owner.evidence.test_kubernetes import WORKLOAD, company_with

LINK = ("backstage", "resource", "arn:aws:lambda:*:*:function:ranker")


def company_of(owner: str, *entities: tuple[str, str], teams: tuple[str, ...] = ()) -> Company:
    company = Company(document={"teams": list(teams)} if teams else {})
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.claim(*LINK, owner)
    for key, value in entities:
        company.claim("backstage", "entity", key, value)
    return company


@pytest.mark.parametrize(
    ("owner", "entities", "team"),
    [
        ("group:default/search", (), "search"),
        ("system:default/discovery", (("system:default/discovery", "group:default/search"),), "search"),
        (
            "system:default/discovery",
            (("system:default/discovery", "domain:default/p"), ("domain:default/p", "group:default/search")),
            "search",
        ),
        (
            "group:default/squad",
            (("group:default/squad", "group:default/tribe"), ("group:default/tribe", "group:default/search")),
            "search",
        ),
    ],
)
def test_entity_leads_on_to_the_declared_team(owner: str, entities: tuple[tuple[str, str], ...], team: str) -> None:
    company = company_of(owner, *entities, teams=("search",))

    assert company.owner(FUNCTION) == (team, "owned", 0.85, "backstage")


def test_group_without_a_declared_one_above_stays_itself() -> None:
    company = company_of("group:default/squad", ("group:default/squad", "group:default/tribe"))

    assert company.owner(FUNCTION)[0] == "squad"


def test_groups_of_two_files_that_lie_in_one_another_end_the_climb() -> None:
    circle = (("group:default/a", "group:default/b"), ("group:default/b", "group:default/a"))
    company = company_of("group:default/a", *circle, teams=("search",))

    assert company.owner(FUNCTION)[:3] == ("a", "owned", 0.3)


def test_user_is_a_person_by_address() -> None:
    company = company_of("user:default/sam", ("user:default/sam", "sam@acme.example"))
    company.document = {"teams": [{"name": "search", "members": ["sam@acme.example"]}]}

    assert company.owner(FUNCTION)[0] == "search"


def test_label_of_a_workload_links_it_to_its_component() -> None:
    company = company_with(workload={"backstage.io/kubernetes-id": "ranker"})
    company.claim("backstage", "kubernetes_id", "ranker", "group:default/search")

    assert company.owner(WORKLOAD) == ("search", "owned", 0.85, "backstage")
