"""What an account or resource lies in: resource groups by tag, units and folders by name, cycles."""

from tests.enrich.owner.evidence.company import ACCOUNT, Company

ADDRESS = f"{ACCOUNT}/vpc-0a/10.1.2.3"
MACHINE = "/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines/m"
GROUP = "/subscriptions/s/resourcegroups/g"


def test_unit_of_the_account_counts_least_and_only_as_a_declared_team() -> None:
    company = Company(document={"teams": ["search"]})
    company.call("10.1.2.3")
    company.asset(ACCOUNT, "account", parent_id="ou-ab12-22222222")
    company.asset("ou-ab12-22222222", "folder", name="Search", parent_id="ou-ab12-11111111")
    company.asset("ou-ab12-11111111", "folder", name="Workloads")

    assert company.owner(ADDRESS) == ("search", "owned", 0.25, "folder")


def test_tag_of_a_resource_group_speaks_for_what_lies_in_it() -> None:
    company = Company()
    company.call("10.1.2.3")
    company.asset("nic", "eni", address="10.1.2.3", parent_id=MACHINE)
    company.asset(MACHINE, "instance", parent_id=GROUP)
    company.asset(GROUP, "folder", {"team": "search"})

    assert company.owner(MACHINE) == ("search", "owned", 0.7, "folder")


def test_folders_that_hold_one_another_end_the_walk() -> None:
    company = Company(document={"teams": ["search"]})
    company.call("10.1.2.3")
    company.asset(ACCOUNT, "account", parent_id="folders/1")
    company.asset("folders/1", "folder", name="a", parent_id="folders/2")
    company.asset("folders/2", "folder", name="search", parent_id="folders/1")

    assert company.owner(ADDRESS)[0] == "search"
