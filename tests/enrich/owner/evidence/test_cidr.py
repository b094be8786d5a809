"""The longest range that holds an address: address plans, subnets' tags, overlaps, other networks."""

from tests.enrich.owner.evidence.company import ACCOUNT, Company

ADDRESS = f"{ACCOUNT}/vpc-0a/10.1.2.3"
SUBNET = f"arn:aws:ec2:us-east-1:{ACCOUNT}:subnet/subnet-0b"


def test_range_of_an_address_plan_gives_its_team() -> None:
    company = Company()
    company.call("10.1.2.3")
    company.claim("cidr", "cidr", "10.1.0.0/16", "search", scope="unknown/vpc-0a")

    assert company.owner(ADDRESS) == ("search", "owned", 0.55, "address_plan")


def test_range_of_another_network_is_not_looked_at() -> None:
    company = Company()
    company.call("10.1.2.3")
    company.claim("cidr", "cidr", "10.1.2.0/24", "growth", scope="unknown/vpc-0b")
    company.claim("cidr", "cidr", "10.1.2.0/24", "growth", scope="470100000022/unknown")

    assert company.owner(ADDRESS)[1] == "unowned"


def test_tag_of_the_subnet_beats_a_wider_range_of_anything_else() -> None:
    company = Company(document={"cidrs": [{"cidr": "10.0.0.0/8", "team": "core"}]})
    company.call("10.1.2.3")
    company.claim("cidr", "cidr", "10.1.0.0/16", "growth")
    company.asset(SUBNET, "subnet", {"team": "search"}, cidr="10.1.2.0/24", subnet_id="subnet-0b")

    assert company.owner(ADDRESS) == ("search", "owned", 0.55, "subnet")


def test_subnet_shared_from_another_account_counts_in_its_network() -> None:
    company = Company()
    company.call("10.1.2.3")
    company.asset(SUBNET, "subnet", {"team": "search"}, cidr="10.1.2.0/24", account_id="470100000099")

    assert company.owner(ADDRESS)[0] == "search"


def test_one_range_of_two_teams_is_a_conflict_that_shows_both() -> None:
    company = Company()
    company.call("10.1.2.3")
    company.claim("cidr", "cidr", "10.1.2.0/24", "search")
    company.claim("cidr", "cidr", "10.1.2.0/24", "growth")

    assert company.owner(ADDRESS)[1] == "conflict"
    assert {each["value"] for each in company.evidence(ADDRESS)} == {"search", "growth"}


def test_range_of_ipv6_holds_its_addresses() -> None:
    company = Company()
    company.call("2600:1f18:1:2::7")
    company.claim("cidr", "cidr", "2600:1f18:1::/56", "search")

    assert company.owner(f"{ACCOUNT}/vpc-0a/2600:1f18:1:2::7")[0] == "search"
