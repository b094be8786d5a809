"""owners.yaml: names, accounts with leading zeros, and what is refused."""

from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.owners import load_owners

TEXT = """
teams: [{name: search, aliases: [search-platform], members: [someone@acme.example], cost_centers: [CC-2087]}, growth]
accounts: {012345678901: search, "444455556666": {shared: true}}
"""


def test_load_owners_keeps_leading_zeros_of_accounts(tmp_path: Path) -> None:
    path = tmp_path / "owners.yaml"
    path.write_text(TEXT)

    owners = load_owners(path, set())

    assert owners.accounts["012345678901"].team == "search"
    assert owners.accounts["444455556666"].shared


@pytest.mark.parametrize("value", ["Search", "@acme/search_platform", "group:default/search", "search platform"])
def test_team_of_folds_what_means_the_same(tmp_path: Path, value: str) -> None:
    path = tmp_path / "owners.yaml"
    path.write_text(TEXT)

    assert load_owners(path, set()).team_of(value) == "search"


def test_team_of_an_undeclared_name_is_none(tmp_path: Path) -> None:
    path = tmp_path / "owners.yaml"
    path.write_text(TEXT)

    assert load_owners(path, set()).team_of("research") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("resources: [{id: x}]\n", "name a `team`, or say `shared: true`"),
        ("cidrs: [{cidr: 10.0.0.0/40, team: a}]\n", "10.0.0.0/40"),
        ("vendor_accounts: [{vendor: opnai, id: x, team: a}]\n", "did you mean 'openai'?"),
        ("resourses: []\n", "did you mean 'resources'?"),
    ],
)
def test_load_owners_refuses_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "owners.yaml"
    path.write_text(text)

    with pytest.raises(ConfigError) as refused:
        load_owners(path, {"openai"})

    assert message in str(refused.value) and "owners.yaml:1" in str(refused.value)
