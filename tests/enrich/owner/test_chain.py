"""From the packet to the team: the steps that are told, by name, by address and by address at a time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shadowscan.enrich import daily, networks, owners, seen, subjects, vendors
from shadowscan.enrich.owner.explain import explain_owner
from shadowscan.owners import Owners
from tests.enrich.owner.evidence.company import ACCOUNT, FUNCTION, INSTANCE, Company
from tests.enrich.records import START, insert

DAY = timedelta(days=1)
POD = "k8s://main/search/Pod/ranker-1"
DEPLOYMENT = "k8s://main/search/Deployment/ranker"


def inventory(company: Company) -> None:
    """The list of interfaces and functions as a collected object."""
    insert(
        company.network.store, "source_object", source_id=2, target="inventory", object="eni.json", format="aws_eni",
        digest="d", version="v", state="collected", size_bytes=1, collected_at=START, run_id="r1",
    )  # fmt: skip


def decide(company: Company) -> None:
    context = replace(company.network.context, owners=Owners.model_validate(company.document))
    for step in (seen, networks, vendors, subjects, daily):
        step.build(context)
    subjects.list_used(context)
    owners.build(context)


def explained(company: Company, name: str, **more: Any) -> dict[str, Any]:
    [found] = explain_owner(company.network.store, name, **more)
    return found


def steps(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["step"], step["says"]) for step in found["chain"]]


def test_chain_when_interface_leads_to_a_tagged_function_then_every_step_is_told() -> None:
    company = Company()
    inventory(company)
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION, line=4, observed_at=START)
    company.asset(FUNCTION, "function", {"team": "search"}, name="ranker", line=9, observed_at=START)
    company.call("10.1.2.3")
    decide(company)

    found = explained(company, "10.1.2.3")

    assert steps(found) == [
        ("dns_query", "10.1.2.3 asked for api.openai.com"),
        ("address", f"{ACCOUNT}/vpc-0a/10.1.2.3 at all times seen"),
        ("interface", f"eni-0c, attached to {FUNCTION}"),
        ("function", f"{FUNCTION} (ranker)"),
        ("tag", f"{FUNCTION} team = search"),
        ("team", "search (owned, 0.90)"),
    ]
    assert [(step["source"], step["at"]) for step in found["chain"][2:5]] == [
        ("eni.json:4", START), ("eni.json:9", START), ("eni.json:9", START),
    ]  # fmt: skip


def test_chain_when_the_address_changed_hands_then_the_moment_tells_whose() -> None:
    company = Company()
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION, observed_at=START)
    company.asset("eni-0d", "eni", address="10.1.2.3", parent_id=INSTANCE, observed_at=START + DAY)
    company.asset(FUNCTION, "function", {"team": "search"}, observed_at=START)
    company.asset(INSTANCE, "instance", {"team": "growth"}, observed_at=START + DAY)
    company.call("10.1.2.3")
    insert(
        company.network.store, "dns_query", source_id=1, queried_at=START + 2 * DAY, account_id=ACCOUNT,
        vpc_id="vpc-0a", client_ip="10.1.2.3", region="us-east-1", qname="api.openai.com",
    )  # fmt: skip
    decide(company)

    before = explained(company, "10.1.2.3", at=START + timedelta(hours=2))
    after = explained(company, "10.1.2.3", at=START + 2 * DAY)

    assert (before["team"], steps(before)[2][1]) == ("search", f"eni-0c, attached to {FUNCTION}")
    assert (after["team"], steps(after)[2][1]) == ("growth", f"eni-0d, attached to {INSTANCE}")
    assert steps(after)[1][1].endswith(f"from {START + DAY:%Y-%m-%dT%H:%M:%SZ}")


def test_chain_when_nothing_names_the_address_then_it_says_what_was_seen_and_that_nobody_is_known() -> None:
    company = Company()
    company.call("10.1.2.3")
    decide(company)

    assert steps(explained(company, "10.1.2.3")) == [
        ("dns_query", "10.1.2.3 asked for api.openai.com"),
        ("address", f"{ACCOUNT}/vpc-0a/10.1.2.3 at all times seen"),
        ("team", "nobody known (unowned, 0.00)"),
    ]


def test_chain_when_owners_disagree_then_both_are_shown() -> None:
    company = Company(document={"cidrs": [{"cidr": "10.1.0.0/16", "team": "growth"}]})
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.asset(FUNCTION, "function", {"team": "search"})
    company.call("10.1.2.3")
    decide(company)

    told = steps(explained(company, "ranker"))

    assert told[-3:] == [
        ("tag", f"{FUNCTION} team = search"),
        ("also said", "10.1.0.0/16 = growth"),
        ("team", "search (conflict, 0.70)"),
    ]


def test_chain_when_a_nat_gateway_then_it_ends_in_the_teams_behind_it() -> None:
    company = Company()
    company.asset("nat-0a", "nat_gateway", address="10.1.0.9")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.asset(FUNCTION, "function", {"team": "search"})
    company.call("10.1.2.3")
    company.call("10.1.0.9")
    decide(company)

    found = explained(company, "10.1.0.9")

    assert (found["owner_status"], found["candidates"]) == ("shared", ["search"])
    assert steps(found)[-1] == ("team", "shared, one of: search")


def test_links_when_one_workload_then_all_its_names_lead_to_it() -> None:
    company = Company()
    role = f"arn:aws:iam::{ACCOUNT}:role/ranker"
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.asset(
        FUNCTION, "function", {"team": "search"}, role=role, repo="acme/Ranker//deploy", observed_at=START
    )  # fmt: skip
    insert(
        company.network.store, "charge", source_id=9, charge_key="c1", source_kind="focus", vendor_account_id="proj_k3",
        billing_account_id="org-1", principal_id=role, period_start_at=START, period_end_at=START + DAY, currency="USD",
    )  # fmt: skip
    company.call("10.1.2.3")
    decide(company)

    names = ("10.1.2.3", "eni-0c", "ranker", role, "acme/ranker", "proj_k3", FUNCTION)

    assert {name: explained(company, name)["subject_id"] for name in names} == dict.fromkeys(names, FUNCTION)
    links = {link["kind"]: (link["value"], link["valid_from"], link["source"]) for link in
             explained(company, FUNCTION)["links"]}  # fmt: skip
    assert links["role"] == (role, START, "inventory")
    assert links["vendor_account"] == ("proj_k3", START, "focus")


def test_links_when_a_pod_of_a_deployment_then_the_pod_leads_to_the_workload() -> None:
    company = Company()
    company.asset(POD, "pod", address="10.1.2.3", parent_id=DEPLOYMENT, observed_at=START)
    company.asset(
        DEPLOYMENT, "service", {"team": "search"}, name="ranker", parent_id="k8s://main/search", role="search:ranker"
    )  # fmt: skip
    company.asset("k8s://main/search", "namespace")
    company.call("10.1.2.3")
    decide(company)

    assert explained(company, POD)["subject_id"] == DEPLOYMENT
    assert explained(company, "search:ranker")["subject_id"] == DEPLOYMENT
    assert ("pod", f"{POD}, attached to {DEPLOYMENT}") in steps(explained(company, POD))


def test_alias_when_a_role_is_linked_then_it_is_no_earlier_name_of_the_workload() -> None:
    from shadowscan.history.aliases import _names_by_subject

    company = Company()
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.asset(FUNCTION, "function", role="role-a", repo="acme/ranker")
    company.call("10.1.2.3")
    decide(company)

    assert _names_by_subject(company.network.store)[FUNCTION] == [f"{ACCOUNT}/vpc-0a/10.1.2.3", "eni-0c"]
