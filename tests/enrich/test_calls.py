"""`llm_call`: each call once, whoever saw it, under the caller that has an owner."""

from typing import Any

from shadowscan.enrich import regions
from shadowscan.enrich.run import enrich
from shadowscan.policy import Policy
from tests.enrich.records import HOUR, START, Network, insert

ROLE = "arn:aws:iam::111122223333:role/gw"
SESSION = "arn:aws:sts::111122223333:assumed-role/{}/i-0a"
GATEWAY = {
    "gateways": [{"name": "gw", "base_url": "https://llm.acme.internal/v1", "credentials": [ROLE],
                  "vendors": ["aws-bedrock"]}],
    "vendors": {"approved": ["aws-bedrock"]},
}  # fmt: skip
ASKED = "select subject_id, via, calls, input_tokens from llm_call order by all"


def company(**policy: Any) -> Network:
    network = Network(policy=Policy.model_validate(policy))
    for source_id, form in ((1, "aws_cloudtrail"), (2, "bedrock_invocation"), (3, "litellm_log")):
        insert(
            network.store, "source_object", source_id=source_id, target="t", object=f"{form}.json", format=form,
            digest="d", version="1", size_bytes=1, state="collected", reason="", rejected=0, collected_at=START,
            run_id="r",
        )  # fmt: skip
    return network


def call(network: Network, source_id: int, **more: Any) -> None:
    row = {
        "source_id": source_id, "line": 1, "called_at": START + HOUR, "vendor_id": "aws-bedrock", "model": "claude",
        "account_id": "111122223333", "principal": SESSION.format("ranker"), "region": "eu-west-1", "via": "unknown",
    }  # fmt: skip
    insert(network.store, "model_call", **{**row, **more})
    network.mark(START)


def enriched(network: Network) -> list[tuple[Any, ...]]:
    enrich(network.context)
    return network.store.query(ASKED).rows


def test_caller_when_a_session_of_a_role_then_the_role() -> None:
    network = company()
    call(network, 1)

    assert enriched(network) == [("arn:aws:iam::111122223333:role/ranker", "unknown", 1, 0)]


def test_caller_when_nothing_else_knows_it_then_listed_as_a_principal() -> None:
    network = company()
    call(network, 1)
    call(network, 3, principal="svc-rank")
    enriched(network)

    kinds = network.store.query(
        "select distinct kind from subject where subject_id in (select subject_id from llm_call)"
    )
    assert kinds.rows == [("principal",)]


def test_call_when_cloudtrail_and_invocation_log_both_saw_it_then_counted_once_by_the_one_that_knows_more() -> None:
    network = company()
    call(network, 1)
    call(network, 2, input_tokens=90)

    assert enriched(network) == [("arn:aws:iam::111122223333:role/ranker", "unknown", 1, 90)]
    sources = network.store.query("select source_id from evidence_source where starts_with(evidence_ref, 'call/')")
    assert sorted(sources.rows) == [(1,), (2,)]


def test_call_when_logs_cover_different_regions_then_both_count() -> None:
    network = company()
    call(network, 1, region="eu-west-3")
    call(network, 2)

    assert sum(row[2] for row in enriched(network)) == 2


def test_call_when_the_gateway_logged_it_and_cloudtrail_saw_its_upstream_then_once_and_under_the_caller() -> None:
    network = company(**GATEWAY)
    call(network, 1, principal=SESSION.format("gw"))
    call(network, 3, principal="alice", account_id="unknown", region="unknown", via="gateway")

    assert enriched(network) == [("alice", "gateway", 1, 0)]


def test_call_when_only_the_upstream_of_the_gateway_is_seen_then_it_counts_as_gateway() -> None:
    network = company(**GATEWAY)
    call(network, 1, principal=SESSION.format("gw"))
    call(network, 1)

    assert enriched(network) == [
        (ROLE, "gateway", 1, 0),
        ("arn:aws:iam::111122223333:role/ranker", "unknown", 1, 0),
    ]


def test_day_when_its_records_are_gone_and_marked_then_its_calls_are_gone() -> None:
    network = company()
    call(network, 1)
    enrich(network.context)
    network.store.query("delete from model_call")
    network.mark(START)

    assert enriched(network) == []
    assert network.store.query("select * from evidence_source where starts_with(evidence_ref, 'call/')").rows == []


def test_region_verdict_when_of_a_call_then_it_names_the_same_caller_and_evidence() -> None:
    network = company(residency={"allowed": ["eu_eea"]})
    call(network, 1, processing_region="us-east-1")

    enrich(network.context)

    asked = "select subject_id, evidence_ref from {}"
    judged = network.store.query(asked.format("llm_region")).rows
    assert judged == network.store.query(asked.format("llm_call")).rows
    assert network.store.query("select source, line from evidence_sample").rows == [("aws_cloudtrail", 1)]


def test_exception_when_for_a_team_then_it_holds_for_the_calls_of_that_team() -> None:
    exceptions = [{"teams": ["growth"], "allowed": ["us"], "reason": "trial"}]
    network = company(residency={"allowed": ["eu_eea"], "exceptions": exceptions})
    call(network, 1, processing_region="us-east-1")
    enrich(network.context)
    network.store.query("update subject set team = 'growth'")

    regions.build(network.context)

    assert network.store.query("select verdict from llm_region").rows == [("pass",)]
