"""Lists of vendors' own accounts: OpenAI projects, Anthropic workspaces, LiteLLM teams and keys."""

import json
from pathlib import Path

import pytest

from shadowscan.collect.formats import anthropic_workspaces, litellm_teams, openai_projects
from shadowscan.collect.formats.interface import Format, Head
from tests.collect.formats.assets import SAMPLES, read_assets, read_text

TOKEN = "9f" * 32


@pytest.mark.parametrize(
    ("form", "sample", "accounts"),
    [
        (
            openai_projects.FORMAT,
            "openai_projects.json",
            {("account:openai/proj_k3", "Search", "{}"), ("account:openai/proj_x9", "hackathon", "{}")},
        ),
        (
            anthropic_workspaces.FORMAT,
            "anthropic_workspaces.json",
            {
                ("account:anthropic/wrkspc_01Ab", "ranking", '{"team": "search"}'),
                ("account:anthropic/wrkspc_02Cd", "Growth", "{}"),
            },
        ),
        (
            litellm_teams.FORMAT,
            "litellm_teams.json",
            {
                ("account:litellm/0b1c-search", "Search", '{"cost_center": "CC-2087"}'),
                (f"account:litellm/{TOKEN}", "ranker", "{}"),
            },
        ),
    ],
)
def test_each_account_is_kept_by_the_subject_a_bill_gives_it(
    form: Format, sample: str, accounts: set[tuple[str, str, str]]
) -> None:
    rows, result = read_assets(form, SAMPLES / sample)

    assert {(row["asset_id"], row["name"], row["tags"]) for row in rows} == accounts
    assert ({row["kind"] for row in rows}, result.rejected) == ({"vendor_account"}, 0)


def test_key_of_a_gateway_is_under_its_team() -> None:
    rows, _ = read_assets(litellm_teams.FORMAT, SAMPLES / "litellm_teams.json")

    assert {row["asset_id"]: row["parent_id"] for row in rows}[
        f"account:litellm/{TOKEN}"
    ] == "account:litellm/0b1c-search"


def test_key_that_is_not_hashed_is_refused_and_not_shown(tmp_path: Path) -> None:
    clear = "not" + "-a-hash"
    text = json.dumps({"keys": [{"token": clear, "team_id": "t", "key_alias": "a"}]})
    rows, result = read_text(litellm_teams.FORMAT, tmp_path, text)

    assert (rows, result.rejected) == ([], 1)
    assert clear not in result.reject_sample


@pytest.mark.parametrize("form", [openai_projects.FORMAT, anthropic_workspaces.FORMAT])
def test_record_without_its_id_is_refused_alone(tmp_path: Path, form: Format) -> None:
    rows, result = read_text(form, tmp_path, json.dumps({"data": [{"id": "a"}, {"name": "b"}, 7]}))

    assert (len(rows), result.rejected) == (1, 2)


def test_spend_logs_of_a_gateway_are_no_list_of_its_teams() -> None:
    log = b'[{"request_id": "r", "team_id": "t", "key_alias": "a", "spend": 0.1, "startTime": "x"}]'

    assert litellm_teams.FORMAT.sniff(Head("x", log)) == 0.0
