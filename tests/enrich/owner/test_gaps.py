"""What would give most of the unowned an owner: the fixes, in order, with their share."""

import json
from typing import Any

from shadowscan.enrich.owner.gaps import gap_fixes
from tests.enrich.owner.evidence.company import ACCOUNT, Company
from tests.enrich.owner.test_chain import decide
from tests.enrich.records import START, insert

SUBNETS = ("subnet-0a", "subnet-0b")


def send(company: Company, client: str, bytes_out: int, subnet: str = "unknown", **more: Any) -> None:
    """Traffic of that many bytes to a vendor, over an interface of that subnet."""
    place = {"account_id": ACCOUNT, "vpc_id": "vpc-0a", **more}
    company.network.answer(START, client, "api.openai.com", "203.0.113.10", **place)
    company.network.flow(START, client, "203.0.113.10", bytes=bytes_out, subnet_id=subnet, **place)


def told(company: Company, measure: str = "bytes") -> list[tuple[str, list[str], float]]:
    decide(company)
    fixes = [fix for fix in gap_fixes(company.network.store) if fix["measure"] == measure]
    return [(fix["fix"], fix["targets"], fix["share"]) for fix in fixes]


def test_gaps_when_workloads_share_subnets_then_their_tags_come_first_with_their_share() -> None:
    company = Company()
    send(company, "10.1.1.1", 300, "subnet-0a")
    send(company, "10.1.1.2", 200, "subnet-0a")
    send(company, "10.1.2.1", 110, "subnet-0b")
    send(company, "10.1.3.1", 390)

    assert told(company) == [
        ("add tag `team` to these 2 subnets", ["subnet-0a", "subnet-0b"], 61.0),
        ("add this address to `resources` of owners.yaml", [f"{ACCOUNT}/vpc-0a/10.1.3.1"], 39.0),
    ]


def test_gaps_when_a_subnet_has_workloads_of_two_teams_then_it_gets_no_tag() -> None:
    company = Company(document={"resources": [
        {"id": f"{ACCOUNT}/vpc-0a/10.1.1.1", "team": "search"}, {"id": f"{ACCOUNT}/vpc-0a/10.1.1.2", "team": "growth"},
    ]})  # fmt: skip
    for host in (1, 2, 3):
        send(company, f"10.1.1.{host}", 100, "subnet-0a")

    assert told(company) == [("add this address to `resources` of owners.yaml", [f"{ACCOUNT}/vpc-0a/10.1.1.3"], 100.0)]


def test_gaps_when_all_known_of_an_account_are_one_teams_then_the_account_and_its_team() -> None:
    company = Company(document={"resources": [{"id": f"{ACCOUNT}/vpc-0a/10.1.1.1", "team": "search"}]})
    for host in (1, 2, 3):
        send(company, f"10.1.{host}.1", 100)

    [fix] = [(fix["targets"], fix["guess"]) for fix in gaps_of(company, "bytes")]

    assert fix == ([ACCOUNT], "search")


def test_gaps_when_a_nat_gateway_then_it_is_not_to_be_tagged() -> None:
    company = Company()
    company.asset("nat-0a", "nat_gateway", address="10.1.0.9", subnet_id="subnet-0a")
    send(company, "10.1.0.9", 100, "subnet-0a")

    [(fix, _, share)] = told(company)

    assert (fix.startswith("collect logs from behind this shared egress"), share) == (True, 100.0)


def test_gaps_when_everything_has_an_owner_then_none() -> None:
    company = Company(document={"accounts": {ACCOUNT: "search"}})
    send(company, "10.1.1.1", 100)

    assert told(company) == []


def test_gaps_when_findings_then_counted_by_what_they_are_about() -> None:
    company = Company()
    send(company, "10.1.1.1", 100, "subnet-0a")
    decide(company)
    document = {"type": "finding", "subject": {"kind": "workload", "id": f"{ACCOUNT}/vpc-0a/10.1.1.1"}}
    for number in range(3):
        insert(
            company.network.store, "finding", fingerprint=f"f{number}", rule_id="r", state="new", first_run_id="r1",
            last_run_id="r1", first_reported_at=START, aliases="[]", identity="{}", digest="d", sources="[]",
            document=json.dumps(document),
        )  # fmt: skip

    [fix] = [fix for fix in gap_fixes(company.network.store) if fix["measure"] == "findings"]

    assert (fix["targets"], fix["amount"], fix["share"]) == (["subnet-0a"], 3, 100.0)


def gaps_of(company: Company, measure: str) -> list[dict[str, Any]]:
    decide(company)
    return [fix for fix in gap_fixes(company.network.store) if fix["measure"] == measure]
