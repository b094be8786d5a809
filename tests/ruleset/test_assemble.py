"""Findings from matches: subject, owner, vendor, places, evidence, money and the sentence."""

import json
from collections.abc import Callable
from decimal import Decimal

from shadowscan.catalog import load_catalog
from shadowscan.model.finding import Finding, Locator, RegionRef, Suppression, fingerprint
from shadowscan.ruleset.assemble import assemble
from shadowscan.ruleset.inputs import RuleInputs
from shadowscan.ruleset.load import load_pack
from shadowscan.ruleset.run import run_rules
from shadowscan.store.connection import Store

Put = Callable[..., None]
PACK = load_pack()
CATALOG = load_catalog()
ALL = RuleInputs(frozenset({"policy", "policy.gateways", "policy.residency", "owners"}), {"is_given": True})


def findings(store: Store, rule_id: str) -> list[Finding]:
    return assemble(store, run_rules(store, PACK, [rule_id], ALL), PACK, CATALOG)


def test_assemble_when_egress_then_the_finding_says_who_sent_what_to_whom(store: Store, put: Put) -> None:
    evidence = [{"source": "tag", "key": "team", "value": "search", "confidence": 0.9}]
    put(
        "subject",
        subject_id="arn:w1",
        kind="workload",
        label="ranker",
        account_id="470100000011",
        vpc_id="vpc-0a",
        team="search",
        owner_status="owned",
        owner_confidence=0.9,
        decided_by="tag",
        owner_evidence=json.dumps(evidence),
    )
    for day in ("2026-10-01", "2026-10-02", "2026-10-03"):
        put(
            "llm_egress",
            day=day,
            subject_id="arn:w1",
            subject_kind="workload",
            vendor_id="openai",
            surface="api",
            service="api",
            confidence="high",
            bytes_out=400_000,
            flow_count=4,
            evidence_ref="r1",
            status_reason="vendor not in policy",
        )
        put("evidence_sample", evidence_ref="r1", day=day, ordinal=1, kind="flow", detail=f"flow of {day}", line=7)
    put("evidence_source", evidence_ref="r1", source_id=17)
    put("evidence_source", evidence_ref="r1", source_id=3)

    [finding] = findings(store, "egress.unapproved-vendor")

    assert finding.message == "ranker sent 1.2 MB to OpenAI (api) in 12 flow records on 3 days: vendor not in policy"
    assert (finding.subject.label, finding.subject.account_id, finding.subject.vpc_id) == (
        "ranker",
        "470100000011",
        "vpc-0a",
    )
    assert (finding.owner.team, finding.owner.evidence[0].value) == ("search", "search")
    assert finding.vendor is not None
    assert (finding.vendor.name, finding.vendor.services, finding.vendor.status) == ("OpenAI", ("api",), "unapproved")
    assert [entry.detail for entry in finding.evidence] == [f"flow of 2026-10-0{day}" for day in (1, 2, 3)]
    assert finding.source_ids == (3, 17)
    assert finding.fingerprint == fingerprint(finding.rule_id, {"subject_id": "arn:w1", "vendor_id": "openai"})
    assert finding.fix is not None


def test_assemble_when_a_key_leaked_then_every_place_is_listed_and_the_repository_answers(
    store: Store, put: Put
) -> None:
    put("subject", subject_id="acme/api", kind="repo", label="acme/api", team="growth", owner_status="owned")
    put("llm_key", repo="acme/api", key_id="k1", mask="sk-…x", vendor_id="openai", severity="critical", place_count=2)
    put("repo_hit", repo="acme/api", kind="key", key_id="k1", path=".env", line=3, commit_id="c1", in_head=True)
    put("repo_hit", repo="acme/api", kind="key", key_id="k1", path="a/old.env", line=9)
    put("repo_hit", repo="acme/api", kind="key", key_id="k2", path="other.env", line=1)

    [finding] = findings(store, "keys.leaked-key")

    assert [(place.path, place.line, place.commit, place.in_head) for place in finding.locations] == [
        (".env", 3, "c1", True),
        ("a/old.env", 9, None, False),
    ]
    assert (finding.subject.kind, finding.subject.id, finding.subject.label) == ("key", "k1", "sk-…x")
    assert finding.owner.team == "growth"
    assert finding.severity == "critical"
    assert finding.suppressed is None


def test_assemble_when_every_place_carries_an_allow_comment_then_it_is_shown_suppressed(store: Store, put: Put) -> None:
    put("llm_key", repo="acme/api", key_id="k1", severity="high", allow_comment="pragma: allowlist secret")

    [finding] = findings(store, "keys.leaked-key")

    assert finding.suppressed == Suppression("pragma: allowlist secret", "inline comment", None)
    assert not finding.counts


def test_assemble_when_code_calls_a_vendor_then_its_units_signals_are_the_places(store: Store, put: Put) -> None:
    put("llm_code", repo="acme/api", unit="svc", vendor_id="openai", via="direct", in_head=True, signals="sdk")
    put("repo_hit", repo="acme/api", kind="sdk", vendor_id="openai", unit="svc", path="svc/a.py", line=1, in_head=True)
    put("repo_hit", repo="acme/api", kind="sdk", vendor_id="cohere", unit="svc", path="svc/b.py", line=1, in_head=True)
    put("repo_hit", repo="acme/api", kind="sdk", vendor_id="openai", unit="web", path="web/c.py", line=1, in_head=True)
    put("repo_hit", repo="acme/api", kind="key", vendor_id="openai", unit="svc", path=".env", key_id="k", line=1)

    [finding] = findings(store, "code.direct-vendor-sdk")

    assert [place.path for place in finding.locations] == ["svc/a.py"]


def test_assemble_when_spend_then_the_cost_is_exact(store: Store, put: Put) -> None:
    account = "account:openai/proj_k3"
    put("subject", subject_id=account, kind="account", label="rag-prod", team="search", owner_status="owned")
    put("llm_spend", vendor_id="openai", vendor_account_id="proj_k3", amount="0.1", currency="USD", payer="Dana")
    put("llm_spend", vendor_id="openai", vendor_account_id="proj_k3", amount="0.2", currency="USD", payer="Dana")

    [finding] = findings(store, "spend.unapproved-vendor")

    assert finding.cost is not None
    assert (finding.cost.amount, finding.cost.currency) == (Decimal("0.30"), "USD")
    assert "0.30 USD went to OpenAI" in finding.message
    assert (finding.subject.kind, finding.subject.id, finding.owner.team) == ("account", account, "search")


def test_assemble_when_a_policy_entry_expired_then_its_line_is_the_evidence(store: Store, put: Put) -> None:
    put("policy_entry", kind="approval", entry_id="openai", problem="expired", file="policy.yaml", line=12, detail="d")

    [finding] = findings(store, "policy.expired-approval")

    assert finding.evidence[0].locator == Locator("policy.yaml", 12)
    assert "policy.yaml:12" in finding.message
    assert finding.vendor is None


def test_assemble_when_a_region_is_outside_then_the_verdict_is_in_the_finding(store: Store, put: Put) -> None:
    put(
        "llm_region",
        subject_id="w1",
        vendor_id="openai",
        basis="traffic",
        verdict="violation",
        region="us-east-1",
        region_group="us",
        region_evidence="R3",
    )

    [finding] = findings(store, "residency.out-of-region")

    assert finding.region is not None
    assert (finding.region.region, finding.region.group, finding.region.evidence, finding.region.verdict) == (
        "us-east-1",
        "us",
        "R3",
        "violation",
    )


def test_assemble_when_nobody_is_known_then_it_is_unowned_and_the_id_is_the_label(store: Store, put: Put) -> None:
    put("llm_egress", subject_id="a/v/10.1.2.3", vendor_id="openai", surface="api")

    [finding] = findings(store, "egress.unapproved-vendor")

    assert finding.owner.status == "unowned"
    assert finding.subject.label == "a/v/10.1.2.3"
    assert finding.source_ids == ()


def test_assemble_when_many_flows_then_the_answer_that_names_them_is_still_shown(store: Store, put: Put) -> None:
    put("llm_egress", subject_id="w1", vendor_id="openai", surface="api", evidence_ref="r1", status="unapproved")
    for day in ("2026-10-01", "2026-10-02"):
        for ordinal in (1, 2, 3):
            put("evidence_sample", evidence_ref="r1", day=day, ordinal=ordinal, kind="flow", detail=f"{day} {ordinal}")
    put("evidence_sample", evidence_ref="r1", day="2026-10-01", ordinal=11, kind="dns_answer", detail="answered")

    [finding] = findings(store, "egress.unapproved-vendor")

    assert [entry.kind for entry in finding.evidence].count("dns_answer") == 1
    assert len(finding.evidence) == 5


def test_assemble_when_region_of_traffic_is_known_then_the_egress_finding_has_it(store: Store, put: Put) -> None:
    put("llm_egress", subject_id="w1", vendor_id="openai", surface="api", evidence_ref="r1", status="unapproved",
        region="us", region_group="us", region_evidence="R4")  # fmt: skip
    put("llm_egress", subject_id="w2", vendor_id="openai", surface="api", evidence_ref="r2", status="unapproved")
    put("llm_egress", subject_id="w3", vendor_id="openai", surface="api", evidence_ref="r3", status="unapproved")
    put("llm_region", subject_id="w3", vendor_id="openai", evidence_ref="r3", region="us", region_group="us",
        region_evidence="R4", verdict="violation")  # fmt: skip
    put("llm_region", subject_id="w3", vendor_id="openai", evidence_ref="r3", region="eu", verdict="pass")

    regions = {finding.subject.id: finding.region for finding in findings(store, "egress.unapproved-vendor")}

    assert regions == {
        "w1": RegionRef("us", "us", "R4", "unknown"),
        "w2": None,
        "w3": RegionRef("us", "us", "R4", "violation"),
    }


def test_assemble_when_some_services_are_approved_then_only_the_others_are_listed(store: Store, put: Put) -> None:
    egress = {"subject_id": "w1", "vendor_id": "openai", "evidence_ref": "r1"}
    put("llm_egress", **egress, service="api", surface="api", status="approved")
    put("llm_egress", **egress, service="app", surface="web", status="unapproved")
    put("llm_egress", **egress, service="docs", surface="docs", status="unapproved")

    [finding] = findings(store, "egress.unapproved-vendor")

    assert finding.vendor is not None
    assert finding.vendor.services == ("app",)
