"""`--diff BASE..HEAD`: what the range adds, whether it is all here, and that a change cannot silence itself."""

from pathlib import Path

import pytest

from shadowscan.errors import UsageError
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys
from tests.secrets.generate import make_key

OLD, NEW = make_key("openai-project-key"), make_key("anthropic-api-key")


def test_diff_when_range_adds_a_key_then_only_that_one(repo: Repo, store: Store) -> None:
    base = repo.commit({"old.env": f"K={OLD}\n", "app.py": f"k = '{OLD}'\n"})
    added = repo.commit({"new.env": f"K={NEW}\n", "app.py": f"# changed\nk = '{OLD}'\n"})
    repo.write("untracked.env", f"K={OLD}\n")
    assert isinstance(collect(store, repo, diff=f"{base}..HEAD").outcome, Collected)
    row = key(store)
    assert (row["vendor_id"], row["path"], row["commit_id"], row["in_head"]) == ("anthropic", "new.env", added, True)


def test_diff_when_key_added_and_removed_inside_the_range_then_found(repo: Repo, store: Store) -> None:
    base = repo.commit({"a.txt": "1"})
    added = repo.commit({"new.env": f"K={NEW}\n"})
    repo.commit({"new.env": None})
    collect(store, repo, diff=f"{base}..HEAD")
    assert (key(store)["commit_id"], key(store)["in_head"]) == (added, False)


def test_diff_when_key_in_a_commit_message_of_the_range_then_found(repo: Repo, store: Store) -> None:
    base = repo.commit({"a.txt": "1"}, f"old {OLD}")
    commit = repo.commit({"a.txt": "2"}, f"new {NEW}")
    collect(store, repo, diff=f"{base}..HEAD")
    assert (key(store)["commit_id"], key(store)["vendor_id"]) == (commit, "anthropic")


def test_diff_when_a_known_key_comes_to_another_file_then_found(repo: Repo, store: Store) -> None:
    base = repo.commit({"old.env": f"K={OLD}\n"})
    repo.commit({"b.env": f"# b\nK={OLD}\n"})
    collect(store, repo, diff=f"{base}..HEAD")
    assert [row["path"] for row in keys(store)] == ["b.env"]


def test_diff_when_a_file_with_a_key_is_copied_then_the_copy_is_found(repo: Repo, store: Store) -> None:
    base = repo.commit({"old.env": f"K={OLD}\n"})
    copied = repo.commit({"copy.env": f"K={OLD}\n"})
    collect(store, repo, diff=f"{base}..HEAD")
    assert [(row["path"], row["commit_id"]) for row in keys(store)] == [("copy.env", copied)]


@pytest.mark.parametrize(("inline_allow", "expected"), [(False, ""), (True, "gitleaks:allow")])
def test_diff_when_change_brings_an_allow_comment_then_no_silence(
    repo: Repo, store: Store, inline_allow: bool, expected: str
) -> None:
    base = repo.commit({"a.txt": "1"})
    repo.commit({"a.py": f"k = '{NEW}'  # gitleaks:allow\n"})
    collect(store, repo, diff=f"{base}..HEAD", inline_allow=inline_allow)
    assert key(store)["allow_comment"] == expected


def test_diff_when_no_reference_names_its_head_then_found_in_its_commit(repo: Repo, store: Store) -> None:
    base = repo.commit({"a.txt": "1"})
    repo.write("new.env", f"K={NEW}\n")
    repo.git("add", "new.env")
    staged = repo.git("commit-tree", repo.git("write-tree"), "-p", base, "-m", "staged")
    collect(store, repo, diff=f"{base}..{staged}")
    row = key(store)
    assert (row["path"], row["commit_id"], row["in_head"]) == ("new.env", staged, True)


def test_diff_when_range_is_empty_then_collected_with_nothing(repo: Repo, store: Store) -> None:
    repo.commit({"old.env": f"K={OLD}\n"})
    assert isinstance(collect(store, repo, diff="HEAD..HEAD").outcome, Collected)
    assert keys(store) == []


@pytest.mark.parametrize("base", ["0123456789012345678901234567890123456789", "no-such-branch"])
def test_diff_when_base_is_not_here_then_partial_with_one_line_fix(repo: Repo, store: Store, base: str) -> None:
    repo.commit({"old.env": f"K={OLD}\n"})
    outcome = collect(store, repo, diff=f"{base}..HEAD").outcome
    assert isinstance(outcome, Partial) and "git fetch" in outcome.reason and "\n" not in outcome.reason


def test_diff_when_clone_is_cut_inside_the_range_then_partial(repo: Repo, store: Store, tmp_path: Path) -> None:
    repo.commit({"a.txt": "1"})
    base = repo.git("rev-parse", "HEAD")
    repo.git("branch", "base")
    for n in range(3):
        repo.commit({"a.txt": f"change {n}"})
    clone = str(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth=2", "--no-single-branch", repo.path.as_uri(), clone)
    outcome = collect(store, clone, diff=f"{base}..HEAD").outcome
    assert isinstance(outcome, Partial) and "git fetch" in outcome.reason


def test_diff_when_clone_is_cut_behind_base_then_partial_and_not_the_old_taken_for_new(
    repo: Repo, store: Store, tmp_path: Path
) -> None:
    repo.commit({"old.env": f"K={OLD}\n"})
    repo.git("branch", "topic")
    for n in range(5):
        repo.commit({"a.txt": f"change {n}"})
    repo.git("checkout", "-q", "topic")
    repo.commit({"b.txt": "1"})
    clone = str(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth=3", "--no-single-branch", repo.path.as_uri(), clone)
    outcome = collect(store, clone, diff="origin/main..origin/topic").outcome
    assert isinstance(outcome, Partial) and "git fetch" in outcome.reason


def test_diff_when_shallow_but_whole_range_is_here_then_collected(repo: Repo, store: Store, tmp_path: Path) -> None:
    for n in range(4):
        repo.commit({"a.txt": f"change {n}"})
    clone = str(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth=3", repo.path.as_uri(), clone)
    assert isinstance(collect(store, clone, diff="HEAD~1..HEAD").outcome, Collected)


@pytest.mark.parametrize("text", ["HEAD", "..", "--output=x..HEAD", "a b..HEAD", "..HEAD"])
def test_diff_when_not_a_range_then_refused(repo: Repo, store: Store, text: str) -> None:
    repo.commit({"a.txt": "1"})
    with pytest.raises(UsageError, match=r"BASE\.\.HEAD|not a range"):
        collect(store, repo, diff=text)


def test_diff_when_a_full_scan_follows_then_both_stand(repo: Repo, store: Store) -> None:
    base = repo.commit({"old.env": f"K={OLD}\n"})
    repo.commit({"new.env": f"K={NEW}\n"})
    collect(store, repo, diff=f"{base}..HEAD")
    collect(store, repo)
    assert {row["path"] for row in keys(store)} == {"old.env", "new.env"}
