"""Two resources that the inventory has at one address: at one time neither is believed, in turn each has its time."""

from datetime import timedelta

from tests.enrich.owner.evidence.company import ACCOUNT, FUNCTION, INSTANCE, Company
from tests.enrich.records import START

ADDRESS = f"{ACCOUNT}/vpc-0a/10.1.2.3"


def company_with(hours_apart: int) -> Company:
    company = Company()
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION, observed_at=START)
    later = START + timedelta(hours=hours_apart)
    company.asset("eni-0d", "eni", address="10.1.2.3", parent_id=INSTANCE, observed_at=later)
    company.asset(FUNCTION, "function", {"team": "search"})
    company.asset(INSTANCE, "instance", {"team": "growth"})
    return company


def test_address_of_two_resources_at_one_time_is_shared_and_names_both() -> None:
    company = company_with(hours_apart=0)

    assert company.owner(ADDRESS)[:2] == ("unknown", "shared")
    assert company.evidence(ADDRESS)[0]["key"] == f"held at one time by {INSTANCE}, {FUNCTION}"


def test_address_that_changed_hands_is_its_holders_at_the_time() -> None:
    company = company_with(hours_apart=8)

    assert company.owner(FUNCTION)[0] == "search"


def test_task_on_an_instance_holds_its_own_interface() -> None:
    company, service = Company(), f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/prod/web"
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=INSTANCE)
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=service)
    company.asset(service, "service", {"team": "search"})

    assert company.owner(service)[0] == "search"
