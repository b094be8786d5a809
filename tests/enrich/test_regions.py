"""Region verdicts: the table of CONTRACT section 3, and the traps."""

from datetime import date
from typing import Any

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.enrich import code, regions
from shadowscan.enrich.region_verdict import Route, judge
from shadowscan.policy import Policy
from shadowscan.policy_entries import DataClass, Residency, ResidencyException
from tests.enrich.hits import hit
from tests.enrich.records import HOUR, MINUTE, START, Network

EU = frozenset({"eu_eea"})
GROUPS = {"eu_eea": frozenset({"eu-central-1"}), "us": frozenset({"us-east-1"}), "europe": frozenset({"eu-central-2"})}


@pytest.mark.parametrize(
    ("region", "group", "evidence", "more", "expected"),
    [
        ("us-east-1", "us", "R5", {}, "violation"),
        ("us-east-1", "us", "R3", {}, "violation"),
        ("us-east-1", "us", "R2", {}, "possible"),
        ("eu-central-1", "eu_eea", "R5", {}, "pass"),
        ("eu-central-1", "eu_eea", "R4", {"is_movable": True}, "pass"),
        ("eu-central-1", "eu_eea", "R3", {"is_pinned": True}, "pass"),
        ("eu-central-1", "eu_eea", "R3", {}, "possible"),
        ("eu-central-1", "eu_eea", "R2", {"is_movable": True}, "possible"),
        ("eu-central-1", "eu_eea", "R2", {}, "unknown"),
        ("eu", "eu_eea", "R4", {}, "pass"),
        ("eu", "europe", "R3", {}, "violation"),
        ("unknown", "unknown", "R0", {}, "unknown"),
        ("unknown", "unknown", "R1", {}, "unknown"),
        ("westus2", "unknown", "R4", {}, "unknown"),
    ],
)
def test_judge_follows_the_contract(
    region: str, group: str, evidence: str, more: dict[str, Any], expected: str
) -> None:
    assert judge(Route(region, evidence, "US", **more), EU, GROUPS, group).verdict == expected


@pytest.mark.parametrize(
    ("prefix", "allowed", "expected"),
    [
        ("eu", {"eu_eea"}, "possible"),  # London and Zurich are Europe, and outside
        ("eu", {"eu_eea", "uk", "ch"}, "possible"),
        ("us", {"eu_eea"}, "violation"),
        ("apac", {"jp"}, "possible"),
        ("apac", {"eu_eea"}, "violation"),
        ("global", {"eu_eea"}, "possible"),
        ("in", {"in"}, "possible"),
    ],
)
def test_judge_when_a_call_names_a_profile_then_by_where_it_may_lead(
    prefix: str, allowed: set[str], expected: str
) -> None:
    catalog = load_catalog()
    route = Route(prefix, "R3", "US", destinations=catalog.routes.destinations(prefix))

    assert judge(route, frozenset(allowed), catalog.region_groups, catalog.group_of(prefix)).verdict == expected


@pytest.mark.parametrize(("home", "severity"), [("US", "low"), ("FR", "low"), ("CN", "medium"), ("unknown", "low")])
def test_judge_raises_the_severity_of_unknown_by_jurisdiction(home: str, severity: str) -> None:
    assert (
        judge(Route("unknown", "R0", home, tier=load_catalog().tier_of(home)), EU, GROUPS, "unknown").severity
        == severity
    )


def judged(residency: Residency | None, host: str) -> list[tuple[object, ...]]:
    network = Network(policy=Policy(residency=residency))
    network.answer(START, "10.0.0.1", host, "203.0.113.1")
    network.flow(START + MINUTE, "10.0.0.1", "203.0.113.1")
    network.roll_up()
    regions.build(network.context)
    return network.store.query("select route, verdict from llm_region").rows


def test_route_without_residency_is_not_judged() -> None:
    assert judged(None, "api.openai.com") == []


@pytest.mark.parametrize(("host", "verdict"), [("eu.api.openai.com", "pass"), ("api.openai.com", "unknown")])
def test_route_is_judged_and_passes_are_kept(host: str, verdict: str) -> None:
    assert judged(Residency(allowed=("eu_eea",)), host) == [(host, verdict)]


@pytest.mark.parametrize(
    ("exception", "verdict"),
    [
        (ResidencyException(vendor="openai", allowed=("eu_eea",), expires=date(2027, 1, 1)), "pass"),
        (ResidencyException(vendor="openai", allowed=("eu_eea",), expires=date(2026, 1, 1)), "violation"),
        (ResidencyException(vendor="mistral", allowed=("eu_eea",)), "violation"),
        (ResidencyException(teams=("growth",), allowed=("eu_eea",)), "violation"),
    ],
)
def test_exception_widens_only_what_it_names_while_it_holds(exception: ResidencyException, verdict: str) -> None:
    residency = Residency(allowed=("uk",), exceptions=(exception,))

    assert judged(residency, "eu.api.openai.com") == [("eu.api.openai.com", verdict)]


def test_data_class_takes_the_lists_place_for_its_workloads() -> None:
    customer = DataClass(allowed=("uk",), workloads=("1/vpc-0a/10.0.0.*",))
    residency = Residency(allowed=("eu_eea",), data_classes={"customer": customer})

    assert judged(residency, "eu.api.openai.com") == [("eu.api.openai.com", "violation")]


def test_data_classes_when_a_workload_is_in_two_then_it_has_to_meet_both() -> None:
    patterns = ("1/vpc-0a/10.0.0.*",)
    wide = DataClass(allowed=("eea",), workloads=patterns)
    strict = DataClass(allowed=("uk",), workloads=patterns)
    residency = Residency(allowed=("us",), data_classes={"employee": wide, "customer": strict})

    assert judged(residency, "eu.api.openai.com") == [("eu.api.openai.com", "violation")]


def test_use_before_and_after_an_exception_ends_is_judged_apart() -> None:
    exception = ResidencyException(vendor="openai", allowed=("eu_eea",), expires=START.date())
    network = Network(policy=Policy(residency=Residency(allowed=("uk",), exceptions=(exception,))))
    for hours in (0, 24, 48):
        network.answer(START + hours * HOUR, "10.0.0.1", "eu.api.openai.com", "203.0.113.1")
        network.flow(START + hours * HOUR + MINUTE, "10.0.0.1", "203.0.113.1")
    network.roll_up()

    regions.build(network.context)

    found = network.store.query("select verdict, flow_count from llm_region order by verdict").rows
    assert found == [("pass", 1), ("violation", 2)]


@pytest.mark.parametrize(
    ("detail", "vendor", "verdict"),
    [
        ("x region=us-east-1", "aws-bedrock", "violation"),
        ("x region=eu-west-1", "aws-bedrock", "possible"),
        ("model=eu.a.b region=eu profile", "aws-bedrock", "possible"),
        ("model=us.a.b region=us profile", "aws-bedrock", "violation"),
        ("x region=swedencentral sku=Standard", "azure-openai", "pass"),
        ("x region=swedencentral sku=DataZoneStandard", "azure-openai", "pass"),
        ("x region=swedencentral sku=GlobalStandard", "azure-openai", "possible"),
        ("x region=eastus sku=Standard", "azure-openai", "violation"),
    ],
)
def test_configuration_when_region_profile_or_sku_is_set_then_verdict(detail: str, vendor: str, verdict: str) -> None:
    network = Network(policy=Policy.model_validate({"residency": {"allowed": ["eu_eea"]}}))
    hit(network.store, "resource", vendor, detail=detail)
    code.build(network.context)

    regions.build(network.context)

    found = network.store.query("select verdict from llm_region where basis = 'configuration'").rows
    assert [row[0] for row in found] == [verdict]
