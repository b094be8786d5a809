"""Functions that share an interface: agreement is fine, another team is a conflict."""

import pytest

from tests.enrich.owner.evidence.company import FUNCTION, Company

OTHER = FUNCTION.replace("ranker", "mailer")


@pytest.mark.parametrize(("team", "groups", "status"), [("growth", "sg-1", "conflict"), ("search", "sg-1", "owned"),
                                                          ("growth", "sg-2", "owned")])  # fmt: skip
def test_function_beside_another_of_the_same_subnet_and_groups(team: str, groups: str, status: str) -> None:
    company = Company()
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION, subnet_id="subnet-0b", placement="sg-1")
    company.asset(FUNCTION, "function", {"team": "search"}, subnet_id="subnet-0b", placement="sg-1")
    company.asset(OTHER, "function", {"team": team}, subnet_id="subnet-0b", placement=groups)

    assert company.owner(FUNCTION)[:2] == ("search", status)
