"""Declared teams in names: beginnings, the company's own patterns, roles and service accounts."""

from dataclasses import replace
from typing import Any

import pytest

from shadowscan.config import Config
from shadowscan.enrich import owners
from shadowscan.owners import Owners
from tests.enrich.owner.evidence.company import FUNCTION, Company

TEAMS = {"teams": [{"name": "search", "aliases": ["search-platform"]}, "growth"]}


def owner(name: str = "ranker", role: str = "unknown", rules: tuple[str, ...] = ()) -> tuple[Any, ...]:
    """(team, key of the first evidence) of a function of this name and role."""
    function = FUNCTION.replace("ranker", name)
    company = Company()
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=function)
    company.asset(function, "function", role=role)
    config = Config.model_validate({"ownership": {"names": rules}})
    context = replace(company.network.context, owners=Owners.model_validate(TEAMS), config=config)
    company.network.roll_up()
    owners.build(context)
    sql = "select team, decided_by from subject where subject_id = $id"
    found: tuple[Any, ...] = company.network.store.query(sql, {"id": function}).rows[0]
    return found


@pytest.mark.parametrize(
    ("name", "team"),
    [
        ("search-ranker", "search"),
        ("Search_Platform.ranker", "search"),
        ("growth", "growth"),
        ("research-ranker", "unknown"),
        ("searcher", "unknown"),
        ("svc-search-ranker", "unknown"),
    ],
)
def test_name_that_begins_with_a_team_is_the_teams(name: str, team: str) -> None:
    assert owner(name)[0] == team


@pytest.mark.parametrize(
    ("role", "team"),
    [
        ("arn:aws:iam::470100000011:role/service/search-ranker", "search"),
        ("arn:aws:iam::470100000011:instance-profile/growth-web", "growth"),
        ("growth-web@prod.iam.gserviceaccount.com", "growth"),
        ("system:serviceaccount:apps:growth-web", "growth"),
        ("growth@acme.example", "unknown"),
        ("8f6c0a1e-0000-1111-2222-333333333333", "unknown"),
    ],
)
def test_role_that_begins_with_a_team_is_the_teams(role: str, team: str) -> None:
    assert owner(role=role)[0] == team


@pytest.mark.parametrize(
    ("name", "rule", "team"),
    [
        ("svc-search-ranker", "svc-{team}-*", "search"),
        ("svc-search-platform-x", "svc-{team}-*", "search"),
        ("prod.ranker.growth", "*-{team}", "growth"),
        ("svc-research-x", "svc-{team}-*", "unknown"),
    ],
)
def test_pattern_of_the_company_finds_the_team_where_it_writes_it(name: str, rule: str, team: str) -> None:
    assert owner(name, rules=(rule,))[0] == team


@pytest.mark.parametrize("rule", ["svc-*", "{team}{team}", "{team}[ab]", "{squad}-*"])
def test_pattern_without_one_team_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"one \{team\}"):
        Config.model_validate({"ownership": {"names": [rule]}})
