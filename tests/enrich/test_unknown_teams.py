"""Teams that evidence names and nobody declared: one entry a value, where it is said, the nearest team."""

from dataclasses import replace
from typing import Any

import pytest

from shadowscan.enrich import owners, unknown_teams
from shadowscan.owners import Owners
from tests.enrich.owner.evidence.company import FUNCTION, Company
from tests.enrich.records import insert


def entries(tags: dict[str, str], teams: list[Any]) -> list[tuple[Any, ...]]:
    """What is said of a function with these tags, listed in `eni.json`."""
    company = Company()
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.asset(FUNCTION, "function", tags, line=7)
    store = company.network.store
    insert(store, "source_object", source_id=2, target="t", object="eni.json", format="aws_inventory", digest="d",
           version="v", size_bytes=1, run_id="r", collected_at="2026-10-01", state="collected")  # fmt: skip
    context = replace(company.network.context, owners=Owners.model_validate({"teams": teams}))
    company.network.roll_up()
    owners.build(context)
    unknown_teams.build(context)
    unknown_teams.build(context)
    return store.query("select entry_id, value, file, line, detail from policy_entry order by all").rows


def test_value_that_is_no_declared_team_is_an_entry_with_the_nearest() -> None:
    assert entries({"team": "Serch"}, ["search", "growth"]) == [
        ("claim:serch", "Serch", "eni.json", 7, "nearest team search, said of 1 subject")
    ]


def test_value_unlike_any_team_says_so() -> None:
    [(_, _, _, _, detail)] = entries({"team": "zzz"}, ["search"])

    assert detail == "no declared team is written alike, said of 1 subject"


@pytest.mark.parametrize(
    ("tags", "teams"),
    [
        ({"team": "search-platform"}, [{"name": "search", "aliases": ["search-platform"]}]),
        ({"owner": "sam@acme.example"}, [{"name": "search", "members": ["sam@acme.example"]}]),
        ({"owner": "nobody@acme.example"}, ["search"]),
        ({"team": "serch"}, []),
    ],
)
def test_alias_member_stranger_or_a_company_without_teams_is_no_entry(tags: dict[str, str], teams: list[Any]) -> None:
    assert entries(tags, teams) == []
