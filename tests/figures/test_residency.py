"""The auditor's record: what is proved, what is only likely, what is unseen, per team."""

from typing import Any

import pytest

from shadowscan.enrich import regions
from shadowscan.figures.report import build_report
from shadowscan.model.report import Report
from shadowscan.policy import Policy
from shadowscan.reporters.csv import REPORTER as CSV
from shadowscan.reporters.html import REPORTER as HTML
from shadowscan.reporters.interface import RenderOptions
from shadowscan.reporters.markdown import REPORTER as MARKDOWN
from tests.enrich.records import CATALOG, HOUR, MINUTE, START, Network, insert

POLICY = Policy.model_validate(
    {
        "vendors": {
            "approved": [
                {"id": "openai", "dpa": {"regions": ["eu_eea"], "transfer": "scc", "sub_processors": ["Microsoft"]}}
            ]
        },
        "residency": {"allowed": ["eu_eea"], "jurisdictions": ["eu_eea", "us"]},
    }
)


def company(policy: Policy) -> Network:
    """A pinned host, a host that names nothing, a profile that may leave and a record of Sydney."""
    network = Network(policy=policy)
    for number, host in ((1, "eu.api.openai.com"), (2, "api.openai.com")):
        for hours in (0, 24):
            at = START + hours * HOUR
            network.answer(at, f"10.0.0.{number}", host, f"203.0.113.{number}")
            network.flow(at + MINUTE, f"10.0.0.{number}", f"203.0.113.{number}")
    call = {
        "source_id": 9, "called_at": START + HOUR, "vendor_id": "aws-bedrock", "account_id": "1111", "model": "claude",
        "region": "eu-west-1", "calls": 5, "input_tokens": 70, "output_tokens": 30,
    }  # fmt: skip
    insert(network.store, "model_call", principal="a", profile_prefix="eu", **call)
    insert(network.store, "model_call", principal="b", processing_region="ap-southeast-2", **call)
    network.roll_up()
    regions.build(network.context)
    network.store.query("update llm_region set team = 'search' where basis = 'traffic'")
    return network


def report(policy: Policy = POLICY, **options: Any) -> Report:
    return build_report(company(policy).store, "residency", policy=policy, catalog=CATALOG, **options)


def rows(made: Report, title: str) -> list[dict[str, Any]]:
    (section,) = (one for one in made.sections if one.title == title)
    return [dict(zip(section.columns, row, strict=True)) for row in section.rows]


def test_reach_when_routes_are_proved_likely_or_unseen_then_each_is_counted() -> None:
    found = rows(report(), "How far this record reaches")

    assert [(one["standing"], one["routes"], one["records"], one["tokens"]) for one in found] == [
        ("proved", 2, 7, 100),
        ("likely", 1, 5, 100),
        ("unseen", 1, 2, 0),
    ]


def test_reach_when_policy_says_nothing_of_residency_then_zeros_that_say_nothing_was_judged() -> None:
    made = report(Policy())

    assert [one["routes"] for one in rows(made, "How far this record reaches")] == [0, 0, 0]
    assert "nothing was judged" in made.sections[0].text


def test_by_team_when_read_then_inside_and_outside_apart() -> None:
    search, unknown = rows(report(), "By team")

    names = ("team", "proved_inside", "proved_outside", "likely", "unseen", "calls")
    assert [search[name] for name in names] == ["search", 1, 0, 0, 1, 0]
    assert [unknown[name] for name in names] == ["unknown", 0, 1, 1, 0, 10]


def test_record_when_a_team_uses_a_vendor_then_its_places_with_their_evidence() -> None:
    (found,) = rows(report(team="search"), "Record of processing (GDPR Art. 30)")

    assert (found["recipient"], found["data_class"], found["places"]) == ("OpenAI", "none", "eu (R4), unknown (R0)")
    assert (found["proved"], found["likely"], found["unseen"], found["workloads"]) == (1, 0, 1, 2)
    assert (str(found["since"]), str(found["last"])) == ("2026-10-02", "2026-10-03")


def test_transfers_when_an_agreement_leaves_a_route_unproved_then_its_own_row_with_articles() -> None:
    found = rows(report(team="search"), "Transfers (GDPR Art. 28 and 44 to 49)")

    names = ("country", "by_policy", "safeguard", "agreement", "sub_processors")
    assert [[one[name] for name in names] for one in found] == [
        ["US", "pass", "Art. 46 standard contractual clauses", "covers", "Microsoft"],
        ["US", "pass", "Art. 46 standard contractual clauses", "unproved", "Microsoft"],
    ]


def test_every_route_when_read_then_worst_first_with_calls_tokens_bytes_and_days() -> None:
    found = rows(report(), "Every judged route")

    measured = [(one["verdict"], one["calls"], one["tokens"], one["days"]) for one in found]
    assert measured == [("violation", 5, 100, 1), ("possible", 5, 100, 1), ("unknown", 0, 0, 2), ("pass", 0, 0, 2)]
    assert found[3]["bytes_out"] > 0


def test_actions_when_several_routes_are_open_then_what_settles_them() -> None:
    actions = rows(report(), "What would settle most")

    assert [(one["routes"], one["records"]) for one in actions] == [(1, 5), (1, 2)]
    assert "account 1111" in actions[0]["action"]


@pytest.mark.parametrize("reporter", [CSV, HTML, MARKDOWN])
def test_record_when_rendered_then_every_format_carries_the_articles(reporter: Any) -> None:
    rendered = reporter.render_report(report(), RenderOptions()).decode().replace("\\", "")

    assert "Art. 46 standard contractual clauses" in rendered
    assert "ap-southeast-2" in rendered
