"""A second scan: what is known is not read again, what is gone leaves the store, what is new comes in."""

import os
import time
from pathlib import Path

import pytest

from shadowscan.git import read_worktree
from shadowscan.git.worktree import Lying
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")
LINE = f"K={KEY}\n"


def hits(store: Store) -> list[tuple[object, ...]]:
    return store.query("select * from repo_hit order by all").rows


def damage(repo: Repo, name: str) -> None:
    """Make a blob unreadable on disk, as its header still says what it is."""
    id = repo.git("rev-parse", name)
    file = repo.path / ".git" / "objects" / id[:2] / id[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-6] + b"broken")


def test_rescan_when_nothing_changed_then_same_rows(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE, "app.py": "import openai\n"})
    repo.commit({"big.txt": "x" * 100})
    first = collect(store, repo)
    before = hits(store)
    assert collect(store, repo) == first
    assert hits(store) == before


def test_rescan_when_clean_objects_are_known_then_they_are_not_read(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    repo.commit({"clean.txt": "clean content of this test\n" * 9})
    repo.commit({"clean.txt": None})
    collect(store, repo)
    before = hits(store)
    damage(repo, "HEAD~1:clean.txt")
    report = collect(store, repo)
    assert type(report.outcome).__name__ == "Collected"
    assert hits(store) == before


def test_rescan_when_a_commit_comes_then_its_key_joins(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    collect(store, repo)
    known = store.query("select count(*) from git_object").rows[0][0]
    repo.commit({"b.env": f"K={make_key('groq-key')}\n"})
    collect(store, repo)
    assert [row["vendor_id"] for row in keys(store)] == ["openai", "groq"]
    assert store.query("select count(*) from git_object").rows[0][0] > known


def test_rescan_when_key_leaves_head_then_the_row_says_so(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    collect(store, repo)
    repo.commit({".env": None})
    collect(store, repo)
    assert (key(store)["in_head"], key(store)["place"]) == (False, "history")


def test_rescan_when_history_is_rewritten_and_collected_then_row_gone(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "1"})
    repo.commit({".env": LINE})
    collect(store, repo)
    repo.git("reset", "-q", "--hard", "HEAD~1")
    collect(store, repo)
    assert key(store)["place"] == "unreachable"
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    collect(store, repo)
    assert keys(store) == []


def test_rescan_when_lfs_pointers_are_known_then_still_in_the_coverage(repo: Repo, store: Store) -> None:
    repo.commit({"model.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    for _ in range(2):
        collect(store, repo)
        assert store.query("select kind, count from coverage_note").rows == [("lfs", 1)]


def test_rescan_when_the_worktree_copy_is_modified_then_signals_count_once(repo: Repo, store: Store) -> None:
    repo.commit({"app.py": "import openai\n"})
    repo.write("app.py", "import openai\n# changed\n")
    collect(store, repo)
    assert store.query("select path, vendor_id, in_head from repo_hit where kind = 'sdk'").rows == [
        ("app.py", "openai", True)
    ]


def test_rescan_when_nothing_changed_then_no_object_is_read(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE, "app.py": "import openai\n"})
    collect(store, repo)
    before = hits(store)
    for name in ("HEAD:.env", "HEAD:app.py"):
        damage(repo, name)
    assert type(collect(store, repo).outcome).__name__ == "Collected"
    assert hits(store) == before


def test_rescan_when_a_commit_comes_then_objects_with_keys_and_known_files_are_not_read_again(
    repo: Repo, store: Store
) -> None:
    repo.commit(
        {".env": LINE, "app.py": "import openai\n", "model.bin": "version https://git-lfs.github.com/spec/v1\n"}
    )
    collect(store, repo)
    for name in ("HEAD:.env", "HEAD:app.py", "HEAD:model.bin"):
        damage(repo, name)
    repo.git("commit", "-q", "--allow-empty", "-m", f"oops {make_key('groq-key')}")
    report = collect(store, repo)
    assert type(report.outcome).__name__ == "Collected"
    assert [(row["vendor_id"], row["place"], row["in_head"]) for row in keys(store)] == [
        ("groq", "message", False),
        ("openai", "history", True),
    ]
    assert store.query("select path from repo_hit where kind = 'sdk'").rows == [("app.py",)]
    assert store.query("select kind, count from coverage_note").rows == [("lfs", 1)]


def test_rescan_when_only_a_branch_moves_then_reachability_is_told_anew(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "1"})
    repo.commit({".env": LINE})
    collect(store, repo)
    repo.git("reset", "-q", "--hard", "HEAD~1")
    collect(store, repo)
    assert key(store)["place"] == "unreachable"


def test_rescan_when_an_untracked_file_comes_and_goes_then_its_row_too(repo: Repo, store: Store) -> None:
    repo.commit({"app.py": "import openai\n"})
    collect(store, repo)
    before = hits(store)
    repo.write(".env", LINE)
    collect(store, repo)
    assert (key(store)["path"], key(store)["place"]) == (".env", "worktree")
    (repo.path / ".env").unlink()
    collect(store, repo)
    assert hits(store) == before


def test_rescan_when_the_organization_is_another_then_key_ids_are_too(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    collect(store, repo)
    before = key(store)["key_id"]
    collect(store, repo, organization="other")
    assert key(store)["key_id"] != before


def test_rescan_when_a_gateway_is_approved_then_its_host_is_read_as_one(repo: Repo, store: Store) -> None:
    repo.commit({"app.py": "client(base_url='https://llm.acme.example/v1')\n"})
    collect(store, repo)
    collect(store, repo, gateway_hosts=("llm.acme.example",))
    assert store.query("select vendor_id from repo_hit where kind = 'base_url'").rows == [("gateway",)]


def test_rescan_when_the_mail_map_changes_then_the_author_does(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    collect(store, repo)
    repo.write(".mailmap", "Sam New <sam@new.example> <sam@acme.example>\n")
    collect(store, repo)
    assert key(store)["author"] == "Sam New <sam@new.example>"


def test_rescan_when_an_object_is_mended_then_it_is_read(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    id = repo.git("rev-parse", "HEAD:.env")
    file = repo.path / ".git" / "objects" / id[:2] / id[2:]
    whole = file.read_bytes()
    damage(repo, "HEAD:.env")
    assert type(collect(store, repo).outcome).__name__ == "Partial"
    file.write_bytes(whole)
    assert type(collect(store, repo).outcome).__name__ == "Collected"
    assert key(store)["path"] == ".env"


def lie(repo: Repo, name: str, text: str, age_s: int = 60) -> None:
    """Write an untracked file with a time in the past; its change time stays now, as on any file system."""
    path = repo.path / name
    path.write_text(text)
    then = time.time() - age_s
    os.utime(path, (then, then))


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file written just now count as written long before the scan."""
    monkeypatch.setattr(read_worktree, "SETTLED", -3_600_000_000_000)


def test_rescan_when_untracked_files_lie_as_they_did_then_not_read_and_same_rows(
    repo: Repo, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    repo.commit({"app.py": "import openai\n"})
    lie(repo, "local.env", LINE)
    lie(repo, "notes.txt", "nothing here\n")
    first = collect(store, repo)
    before = hits(store)
    opened: list[str] = []
    read = Lying.read
    monkeypatch.setattr(Lying, "read", lambda self: opened.append(self.path.name) or read(self))
    assert collect(store, repo) == first
    assert (hits(store), opened) == (before, [])


def test_rescan_when_an_untracked_file_changes_under_its_old_time_then_read_again(
    repo: Repo, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    repo.commit({"a.txt": "1"})
    lie(repo, "local.env", "K=" + "x" * len(KEY) + "\n")
    collect(store, repo)
    then = (repo.path / "local.env").stat()
    (repo.path / "local.env").write_text(LINE)
    os.utime(repo.path / "local.env", ns=(then.st_atime_ns, then.st_mtime_ns))
    collect(store, repo)
    assert key(store)["place"] == "worktree"


def test_rescan_when_a_file_was_written_during_the_scan_then_not_remembered(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "1"})
    lie(repo, "local.env", LINE)
    collect(store, repo)
    assert store.query("select content from git_known where kind = 'lying'").rows == [("{}",)]


@pytest.mark.parametrize("format", ["sha1", "sha256"])
def test_rescan_when_a_remembered_file_is_committed_and_changed_back_then_its_place_follows(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    settle(monkeypatch)
    repo = Repo.create(tmp_path / "r", f"--object-format={format}")
    repo.commit({"a.txt": "1"})
    lie(repo, "b.env", LINE)
    collect(store, repo)
    assert key(store)["place"] == "worktree"
    repo.commit({"b.env": LINE})
    collect(store, repo)
    assert (key(store)["place"], key(store)["in_head"]) == ("history", True)
    repo.commit({"b.env": "empty\n"})
    lie(repo, "b.env", LINE)
    collect(store, repo)
    assert sorted(row["place"] for row in keys(store)) == ["history", "worktree"]
