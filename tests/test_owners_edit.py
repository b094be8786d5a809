"""Settling an owner: the exact entry, written where it is reviewed, and nothing else changed."""

from pathlib import Path

import pytest

from shadowscan.errors import UsageError
from shadowscan.model.finding import Finding, Subject
from shadowscan.owners import load_owners
from shadowscan.owners_edit import settle_owner
from tests.history.factory import make_finding

FILE = """# who answers
teams: [{name: search, aliases: [search-platform]}, {name: growth}]
resources:
  - {id: "arn:aws:lambda:*", team: growth}   # everything of ours
vendor_accounts: []
"""
FUNCTION = "arn:aws:lambda:us-east-1:470100000011:function:ranker"


def about(kind: str, subject_id: str) -> Finding:
    return make_finding(subject=Subject(kind, subject_id, ""))  # type: ignore[arg-type]


@pytest.fixture
def owners_file(tmp_path: Path) -> Path:
    file = tmp_path / "owners.yaml"
    file.write_text(FILE)
    return file


def test_settle_when_a_workload_then_an_entry_of_its_exact_id_and_every_comment_kept(owners_file: Path) -> None:
    settled = settle_owner(owners_file, about("workload", FUNCTION), "search-platform", by="sam", reason="not mine")

    text = owners_file.read_text()
    entry = load_owners(owners_file, ()).resources[-1]
    assert (entry.id, entry.team, entry.approved_by, entry.reason) == (FUNCTION, "search", "sam", "not mine")
    assert all(line in text.splitlines() for line in FILE.splitlines())
    assert settled.is_new
    assert settled.contradicted_by == ("line 4 gives arn:aws:lambda:* to growth",)


def test_settle_when_said_before_then_replaced(owners_file: Path) -> None:
    settle_owner(owners_file, about("workload", FUNCTION), "growth", by="sam", reason="")

    settled = settle_owner(owners_file, about("workload", FUNCTION), "search", by="kim", reason="")

    assert not settled.is_new
    assert [entry.team for entry in load_owners(owners_file, ()).resources] == ["growth", "search"]


def test_settle_when_a_vendor_account_then_under_vendor_accounts(owners_file: Path) -> None:
    settle_owner(owners_file, about("account", "account:openai/proj_k3"), "growth", by="sam", reason="")

    [entry] = load_owners(owners_file, {"openai"}).vendor_accounts
    assert (entry.vendor, entry.id, entry.team) == ("openai", "proj_k3", "growth")


def test_settle_when_the_id_has_signs_of_a_pattern_then_only_that_id_matches(owners_file: Path) -> None:
    settle_owner(owners_file, about("workload", "projects/p/job[1]"), "growth", by="sam", reason="")

    assert load_owners(owners_file, ()).resources[-1].id == "projects/p/job[[]1]"


def test_settle_when_no_file_then_one_is_begun(tmp_path: Path) -> None:
    file = tmp_path / "owners.yaml"

    settle_owner(file, about("repo", "acme/crm"), "support", by="sam", reason="")

    [entry] = load_owners(file, ()).repos
    assert (entry.repo, entry.path, entry.team) == ("acme/crm", "**", "support")


def test_settle_when_the_team_is_unknown_then_refused_with_the_nearest(owners_file: Path) -> None:
    with pytest.raises(UsageError, match=r"serch.*search"):
        settle_owner(owners_file, about("workload", FUNCTION), "serch", by="sam", reason="")

    assert owners_file.read_text() == FILE


def test_settle_when_a_vendor_then_refused(owners_file: Path) -> None:
    with pytest.raises(UsageError, match="a vendor has no owner of its own"):
        settle_owner(owners_file, about("vendor", "openai"), "search", by="sam", reason="")
