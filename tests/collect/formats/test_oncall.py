"""Services and their teams at PagerDuty and Opsgenie."""

import json
from pathlib import Path

import pytest

from shadowscan.collect.formats import opsgenie, pagerduty
from shadowscan.collect.formats.interface import Format
from tests.collect.formats.claims import SAMPLES, read_claim_text, read_claims


def test_service_of_pagerduty_is_its_teams_and_one_without_says_nothing() -> None:
    rows, result = read_claims(pagerduty.FORMAT, SAMPLES / "pagerduty.json")

    assert [(row["key_kind"], row["key"], row["value"]) for row in rows] == [("service", "Ranker", "Search")]
    assert result.rejected == 0


def test_service_of_opsgenie_names_a_team_that_another_list_spells_out() -> None:
    rows, _ = read_claims(opsgenie.FORMAT, SAMPLES / "opsgenie.json")
    team = "opsgenie:63374eee-0b03-42d4-bb8c-50d1fa64827c"

    assert [(row["key_kind"], row["key"], row["value"]) for row in rows] == [
        ("service", "Ranker", team),
        ("entity", team, "Search"),
    ]


@pytest.mark.parametrize(("form", "listed"), [(pagerduty.FORMAT, "services"), (opsgenie.FORMAT, "data")])
def test_record_that_is_no_service_is_refused_alone(tmp_path: Path, form: Format, listed: str) -> None:
    good = {"id": "1", "name": "a", "teamId": "t", "teams": [{"summary": "t"}]}
    bad = {"id": "2", "teamId": "t", "teams": [{"id": "t"}]}
    rows, result = read_claim_text(form, tmp_path, json.dumps({listed: [good, bad, 7]}))

    assert (len(rows), result.rejected) == (1, 2)
