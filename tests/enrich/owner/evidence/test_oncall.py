"""Owners by the service of the same name, through team ids too."""

from tests.enrich.owner.evidence.company import FUNCTION, Company

TEAM = "opsgenie:63374eee"


def company_with(*claims: tuple[str, str, str, str]) -> Company:
    company = Company()
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    for claim in claims:
        company.claim(*claim)
    return company


def test_workload_named_like_a_service_is_its_teams() -> None:
    company = company_with(("pagerduty", "service", "Ranker", "Search"))

    assert company.owner(FUNCTION) == ("search", "owned", 0.6, "pagerduty")


def test_team_by_id_is_found_by_the_list_of_teams() -> None:
    company = company_with(("opsgenie", "service", "ranker", TEAM), ("opsgenie", "entity", TEAM, "Search"))

    assert company.owner(FUNCTION)[:2] == ("search", "owned")


def test_team_that_no_list_names_decides_nothing() -> None:
    assert company_with(("opsgenie", "service", "ranker", TEAM)).owner(FUNCTION)[1] == "unowned"


def test_service_of_another_name_says_nothing() -> None:
    assert company_with(("pagerduty", "service", "ranker-old", "Search")).owner(FUNCTION)[1] == "unowned"
