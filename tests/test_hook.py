"""The commit hook on real repositories: which change it looks at, what it says, and that it leaves nothing behind."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shadowscan.hook import find_change, main
from tests.git.repository import Repo
from tests.secrets.generate import make_key

ROOT = Path(__file__).parents[1]
KEYS = ["--select", "keys.*"]
LEAK = f"k = '{make_key('anthropic-api-key')}'\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repo]:
    made = Repo.create(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"):
        monkeypatch.delenv(name, raising=False)
    yield made


def test_hook_when_a_key_is_staged_then_1_and_place_and_fix_are_shown(
    repo: Repo, capfd: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"a.txt": "1"})
    repo.write("src/app.py", f"# app\n{LEAK}")
    repo.git("add", "src/app.py")
    assert main(KEYS) == 1
    out = capfd.readouterr().out
    assert "src/app.py:2" in out
    assert "→ Issue a new key" in out


def test_hook_when_the_key_is_not_staged_or_was_there_before_then_0(repo: Repo) -> None:
    repo.commit({"old.py": LEAK})
    repo.write("new.py", LEAK)
    repo.write("b.txt", "2")
    repo.git("add", "b.txt")
    assert main(KEYS) == 0


def test_hook_when_staged_for_the_first_commit_then_found(repo: Repo) -> None:
    repo.write("app.py", LEAK)
    repo.git("add", "app.py")
    assert main(KEYS) == 1


def test_hook_when_nothing_is_staged_then_the_whole_tree_and_no_history(repo: Repo) -> None:
    repo.commit({"gone.py": LEAK})
    repo.commit({"gone.py": None, "a.txt": "1"})
    assert main(KEYS) == 0
    repo.commit({"here.py": LEAK})
    assert main(KEYS) == 1


def test_hook_when_pre_commit_names_a_range_then_that_one(repo: Repo) -> None:
    first, second = repo.commit({"a.txt": "1"}), repo.commit({"app.py": LEAK})
    third = repo.commit({"b.txt": "2"})
    assert main(KEYS, {"PRE_COMMIT_FROM_REF": first, "PRE_COMMIT_TO_REF": second}) == 1
    assert main(KEYS, {"PRE_COMMIT_FROM_REF": second, "PRE_COMMIT_TO_REF": third}) == 0


def test_hook_when_only_a_part_is_committed_then_the_index_git_names_counts(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a.txt": "1"})
    repo.write("app.py", LEAK)
    repo.git("add", "app.py")
    index = repo.path / ".git" / "next-index.lock"
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    repo.git("read-tree", "HEAD")
    assert main(KEYS) == 0


def test_hook_when_run_twice_then_the_same_commit_and_nothing_left_behind(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"sub/a.txt": "1", "policy.yaml": "organization: acme\n"})
    repo.write("b.txt", "2")
    repo.git("add", "b.txt")
    assert find_change({}) == find_change({})
    monkeypatch.chdir(repo.path / "sub")
    assert main(KEYS) == 0
    assert repo.git("status", "--short", "--ignored") == "A  b.txt"
    assert repo.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_hook_when_a_staged_policy_would_silence_the_key_then_it_still_counts(repo: Repo) -> None:
    repo.commit({"policy.yaml": "organization: acme\n"})
    silence = 'suppressions: [{rule: keys.leaked-key, path: "**", reason: r, by: me, expires: 2099-01-01}]\n'
    repo.write("policy.yaml", f"organization: acme\n{silence}")
    repo.write("app.py", LEAK)
    repo.git("add", "-A")
    assert main(KEYS) == 1


def test_hook_when_outside_a_repository_then_2_and_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(KEYS) == 2
    assert "hint: run the hook inside a git repository" in capfd.readouterr().err


@pytest.mark.slow
def test_pre_commit_when_it_takes_this_repository_as_hook_source_then_stops_the_leak(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    repo.commit({"a.txt": "1"})
    repo.write("app.py", LEAK)
    repo.git("add", "app.py")
    call = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "shadowscan", "--verbose"]
    stopped = subprocess.run(call, cwd=repo.path, capture_output=True, text=True, check=False)
    assert (stopped.returncode, "app.py:1" in stopped.stdout) == (1, True), stopped.stdout + stopped.stderr
    repo.git("rm", "-q", "--cached", "app.py")
    repo.write("b.txt", "2")
    repo.git("add", "b.txt")
    passed = subprocess.run(call, cwd=repo.path, capture_output=True, text=True, check=False)
    assert passed.returncode == 0, passed.stdout + passed.stderr
