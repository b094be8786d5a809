"""Checkouts that are damaged, odd or somebody else's: settings, index, working tree, the way to the repository."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from shadowscan.model.outcome import Collected, Failed, Partial
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys, notes
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")
LINE = f"OPENAI_API_KEY={KEY}\n"
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="needs root to become somebody else")


def test_settings_when_they_change_the_shape_of_output_then_read_all_the_same(repo: Repo, store: Store) -> None:
    first = repo.commit({"old.env": LINE})
    repo.commit({"old.env": None, "b.txt": "b"})
    shapes = {
        **{"i18n.logOutputEncoding": "UTF-16", "i18n.commitEncoding": "none", "color.ui": "always"},
        **{"diff.relative": "true", "diff.orderFile": "/etc/passwd", "diff.renames": "copies", "diff.noprefix": "true"},
        **{"log.decorate": "full", "log.date": "relative", "log.diffMerges": "off", "log.showRoot": "false"},
        **{"format.pretty": "fuller", "mailmap.file": "/dev/zero", "core.abbrev": "4", "core.quotePath": "true"},
        **{"core.ignoreCase": "true", "core.sparseCheckout": "true", "include.path": "/dev/zero/x"},
    }
    for name, value in shapes.items():
        repo.git("config", name, value)
    assert isinstance(collect(store, repo).outcome, Collected)
    assert (key(store)["path"], key(store)["commit_id"]) == ("old.env", first)


def test_settings_when_they_call_a_checkout_bare_then_its_files_are_read(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "a"})
    repo.write(".env", LINE)
    repo.git("config", "core.bare", "true")
    collect(store, repo)
    assert (key(store)["path"], key(store)["place"]) == (".env", "worktree")


def test_index_when_damaged_then_the_files_that_lie_there_are_read(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "a"})
    repo.write("sub/.env", LINE)
    (repo.path / ".git" / "index").write_bytes(b"garbage")
    collect(store, repo)
    assert [row["path"] for row in keys(store)] == ["sub/.env"]


def test_worktree_when_it_holds_another_repository_then_named_as_not_read(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "a"})
    Repo.create(repo.path / "inner").commit({".env": LINE})
    collect(store, repo)
    assert keys(store) == []
    assert notes(store) == {"submodule": "inner/"}


def test_worktree_when_it_holds_pipes_devices_and_circles_then_read_past(repo: Repo, store: Store) -> None:
    repo.write(".env", LINE)
    os.mkfifo(repo.path / "pipe.env")
    (repo.path / "zero").symlink_to("/dev/zero")
    (repo.path / "loop").symlink_to("loop")
    collect(store, repo)
    assert key(store)["path"] == ".env"


def test_worktree_when_a_file_is_a_gigabyte_then_named_and_not_read(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "a"})
    with (repo.path / "huge.bin").open("wb") as huge:
        huge.truncate(1 << 30)
    collect(store, repo)
    assert notes(store) == {"oversize": "huge.bin"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda git: (git / "HEAD").write_text("garbage\n"),
        lambda git: (git / "HEAD").unlink(),
        lambda git: shutil.rmtree(git / "objects"),
        lambda git: (git / "config").write_bytes(b"\0\xff garbage [[[\n"),
    ],
    ids=["garbage HEAD", "no HEAD", "no objects", "garbage config"],
)
def test_repository_when_git_itself_refuses_it_then_failed_by_name(
    repo: Repo, store: Store, spoil: Callable[[Path], object]
) -> None:
    repo.commit({".env": LINE})
    spoil(repo.path / ".git")
    outcome = collect(store, repo).outcome
    assert isinstance(outcome, Failed) and outcome.reason


@pytest.mark.parametrize("content", ["gitdir: ../nowhere\n", "gitdir: .git\n", "garbage"])
def test_repository_when_its_git_file_leads_nowhere_then_failed_by_name(
    store: Store, tmp_path: Path, content: str
) -> None:
    (tmp_path / ".git").write_text(content)
    outcome = collect(store, str(tmp_path)).outcome
    assert isinstance(outcome, Failed) and "is not a git repository" in outcome.reason


def test_repository_when_git_is_not_installed_then_failed_and_said(
    repo: Repo, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({".env": LINE})
    monkeypatch.setenv("PATH", "/nonexistent")
    outcome = collect(store, repo).outcome
    assert isinstance(outcome, Failed) and outcome.reason == "git is not installed"


def test_shallow_when_seen_from_a_linked_worktree_then_partial(repo: Repo, store: Store, tmp_path: Path) -> None:
    base = repo.commit({"a.txt": "1"})
    repo.commit({"a.txt": "2"})
    clone = Repo(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth=1", repo.path.as_uri(), str(clone.path))
    clone.git("worktree", "add", "-q", str(tmp_path / "linked"))
    assert isinstance(collect(store, str(tmp_path / "linked")).outcome, Partial)
    assert isinstance(collect(store, str(tmp_path / "linked"), diff=f"{base}..HEAD").outcome, Partial)


def test_submodule_when_its_git_is_a_file_then_read_as_a_repository(repo: Repo, store: Store, tmp_path: Path) -> None:
    inner = Repo.create(tmp_path / "inner")
    commit = inner.commit({".env": LINE})
    repo.git("submodule", "add", "-q", str(inner.path), "lib")
    collect(store, str(repo.path / "lib"))
    assert (key(store)["path"], key(store)["commit_id"], key(store)["in_head"]) == (".env", commit, True)


def test_alternates_when_they_lead_to_themselves_and_nowhere_then_read(repo: Repo, store: Store) -> None:
    commit = repo.commit({".env": LINE})
    alternates = repo.path / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_text(f"{repo.path}/.git/objects\n/nonexistent\n")
    collect(store, repo)
    assert key(store)["commit_id"] == commit


@AS_ROOT
def test_repository_when_another_user_owns_it_then_read_safely(repo: Repo, store: Store) -> None:
    commit = repo.commit({".env": LINE})
    subprocess.run(["chown", "-R", "nobody", str(repo.path)], check=True)
    assert isinstance(collect(store, repo).outcome, Collected)
    assert key(store)["commit_id"] == commit


@AS_ROOT
def test_worktree_when_files_may_not_be_read_then_named(
    repo: Repo, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another user, since root may read everything; what has to be imported is imported before."""
    repo.commit({"a.txt": "a"})
    collect(store, repo)
    monkeypatch.setenv("HOME", str(tmp_path))
    repo.write("locked.env", LINE)
    (repo.path / "locked.env").chmod(0)
    (repo.path / "locked").mkdir(0)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.stat().st_mode & 0o077 == 0:
            folder.chmod(0o755)
    os.seteuid(65534)
    try:
        collect(store, repo)
    finally:
        os.seteuid(0)
    assert notes(store) == {"unreadable": "locked, locked.env"}
