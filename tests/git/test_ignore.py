"""`.gitleaksignore`: shown as the reason, and of a change only as BASE has it."""

import pytest

from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys
from tests.secrets.generate import make_key

LINE = f"A=1\nKEY={make_key('openai-project-key')}\n"


@pytest.mark.parametrize("form", ["{path}:openai-api-key:2", "{commit}:{path}:openai-api-key:2"])
def test_key_when_its_fingerprint_is_ignored_then_kept_with_the_reason(repo: Repo, store: Store, form: str) -> None:
    commit = repo.commit({"a.env": LINE})
    repo.commit({".gitleaksignore": "# known\n\n" + form.format(path="a.env", commit=commit) + "\n"})
    collect(store, repo)
    assert key(store)["allow_comment"] == ".gitleaksignore"


@pytest.mark.parametrize(
    "line", ["a.env:x:3", "b.env:x:2", "a.env:x", "a.env", ":x:2", f"{'0' * 40}:a.env:x:2", "#a.env:x:2", "a.env:x:²"]
)
def test_key_when_another_place_is_ignored_then_open(repo: Repo, store: Store, line: str) -> None:
    repo.commit({"a.env": LINE, ".gitleaksignore": line})
    collect(store, repo)
    assert key(store)["allow_comment"] == ""


def test_diff_when_the_change_ignores_its_own_key_then_open(repo: Repo, store: Store) -> None:
    base = repo.commit({"x": "x"})
    repo.commit({"a.env": LINE, ".gitleaksignore": "a.env:x:2\n"})
    collect(store, repo, diff=f"{base}..HEAD")
    assert [row["allow_comment"] for row in keys(store)] == [""]


def test_diff_when_base_ignores_the_place_then_suppressed(repo: Repo, store: Store) -> None:
    base = repo.commit({".gitleaksignore": "a.env:x:2\n"})
    repo.commit({"a.env": LINE})
    collect(store, repo, diff=f"{base}..HEAD")
    assert key(store)["allow_comment"] == ".gitleaksignore"
