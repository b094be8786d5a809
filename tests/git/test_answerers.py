"""Who answers for what was found in a repository: blame, recent committers, `.mailmap`, robots, looked-past commits."""

import os
import subprocess
from typing import Any

import pytest

from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect
from tests.secrets.generate import make_key

CODE = "import openai\n\nclient = openai.OpenAI()\n"


def commit_as(repo: Repo, who: str, files: dict[str, str], day: int = 1) -> str:
    """A commit by `Name <address>` on a day of September 2026."""
    name, _, address = who.partition(" <")
    moment = f"2026-09-{day:02}T10:00:00+00:00"
    for path, content in files.items():
        repo.write(path, content)
    repo.git("add", "-A")
    written = {
        "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address.rstrip(">"), "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": address.rstrip(">"), "GIT_COMMITTER_DATE": moment,
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    }  # fmt: skip
    subprocess.run(["git", "commit", "-q", "-m", "x"], cwd=repo.path, env=os.environ | written, check=True)
    return repo.git("rev-parse", "HEAD")


def claims(store: Store, evidence: str) -> list[tuple[Any, ...]]:
    sql = "select key, value, ordinal from owner_claim where evidence = $evidence order by ordinal desc, value"
    return store.query(sql, {"evidence": evidence}).rows


def test_line_is_its_authors_whoever_touched_the_file_since(repo: Repo, store: Store) -> None:
    commit_as(repo, "Sam <sam@acme.example>", {"src/a.py": CODE})
    commit_as(repo, "Kim <kim@acme.example>", {"src/a.py": CODE + "\n# kim was here\n"}, day=2)

    assert isinstance(collect(store, repo).outcome, Collected)

    assert [(path, person) for path, person, _ in claims(store, "git_blame")] == [("src/a.py", "sam@acme.example")]


def test_commit_that_only_formats_is_looked_past(repo: Repo, store: Store) -> None:
    commit_as(repo, "Sam <sam@acme.example>", {"a.py": "import openai\nclient = openai.OpenAI( )\n"})
    tidy = commit_as(
        repo, "Kim <kim@acme.example>", {"a.py": "import openai  # noqa\nclient = openai.OpenAI()  # ok\n"}
    )
    ignored = f"# formatting\n{tidy}\nnot-a-commit\n{'0' * 40}\n"
    commit_as(repo, "Lee <lee@acme.example>", {".git-blame-ignore-revs": ignored}, day=3)

    collect(store, repo)

    assert claims(store, "git_blame")[0][1] == "sam@acme.example"


def test_people_of_the_last_90_days_are_counted_by_mailmap_and_without_robots(repo: Repo, store: Store) -> None:
    commit_as(repo, "Old <old@acme.example>", {"a.py": CODE, ".mailmap": "Sam <sam@acme.example> <sam@home.example>\n"})
    repo.git("commit", "-q", "--amend", "--no-edit", "--date=2026-01-01T00:00:00+00:00")
    for number, who in enumerate(
        ("Sam <sam@home.example>", "Sam <sam@acme.example>", "Kim <kim@acme.example>",
         "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>")
    ):  # fmt: skip
        commit_as(repo, who, {"a.py": CODE + "#" * (number + 1) + "\n"}, day=10 + number)

    collect(store, repo)

    people = [(person, count) for _, person, count in claims(store, "git_recent")]
    assert people[0] == ("sam@acme.example", 2)
    assert ("kim@acme.example", 1) in people
    assert not [person for person, _ in people if "bot" in person]


def test_key_is_blamed_before_signals_and_a_hostile_path_is_only_a_path(repo: Repo, store: Store) -> None:
    key = make_key("openai-project-key")
    commit_as(repo, "Sam <sam@acme.example>", {"-L.env": f"K={key}\n", ":(top)x.py": CODE, "a b.py": CODE})

    collect(store, repo)

    assert {path for path, _, _ in claims(store, "git_blame")} == {"-L.env", ":(top)x.py", "a b.py"}


def test_second_scan_of_the_same_head_asks_nothing_again(
    repo: Repo, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_as(repo, "Sam <sam@acme.example>", {"a.py": CODE})
    collect(store, repo)
    before = claims(store, "git_blame") + claims(store, "git_recent")
    monkeypatch.setattr("shadowscan.git.answerers._authors", lambda *_: pytest.fail("asked again"))

    collect(store, repo)

    assert claims(store, "git_blame") + claims(store, "git_recent") == before


def test_repository_without_a_hit_asks_nothing(repo: Repo, store: Store) -> None:
    commit_as(repo, "Sam <sam@acme.example>", {"a.py": "print(1)\n"})

    collect(store, repo)

    assert store.query("select count(*) from owner_claim").rows == [(0,)]
