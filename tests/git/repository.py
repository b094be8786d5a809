"""Real repositories for the tests, made with git itself, under names and dates of their own."""

import os
import subprocess
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from shadowscan.catalog import load_catalog
from shadowscan.git.collect import collect_repository
from shadowscan.git.options import GitOptions
from shadowscan.model.outcome import SourceReport
from shadowscan.model.target import RepositoryTarget
from shadowscan.store.connection import Store

AUTHOR = "Sam Doe <sam@acme.example>"
OPTIONS = GitOptions("run-1", datetime(2026, 11, 1), load_catalog(), "acme")  # noqa: DTZ001 - naive UTC, as stored
_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Sam Doe",
    "GIT_AUTHOR_EMAIL": "sam@acme.example",
    "GIT_COMMITTER_NAME": "Sam Doe",
    "GIT_COMMITTER_EMAIL": "sam@acme.example",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


@dataclass
class Repo:
    """A repository under test. Each commit is one minute after the one before."""

    path: Path
    minute: int = 0

    @classmethod
    def create(cls, path: Path, *arguments: str) -> "Repo":
        path.mkdir(parents=True)
        repo = cls(path)
        repo.git("init", "-q", "-b", "main", *arguments)
        return repo

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        """Run git here; raises where it fails. Gives its standard output."""
        moment = f"2026-09-01T10:{self.minute:02}:00+00:00"
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        call = ["git", "-c", "protocol.file.allow=always", *arguments]
        environment = os.environ | _ENVIRONMENT | dates
        done = subprocess.run(call, cwd=self.path, env=environment, input=data, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, name: str, content: str | bytes) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: dict[str, str | bytes | None], message: str = "change") -> str:
        """Write (None deletes) and commit; gives the commit id."""
        for name, content in files.items():
            if content is None:
                (self.path / name).unlink()
            else:
                self.write(name, content)
        self.minute += 1
        self.git("add", "-A", "--", *(name for name in files if not name.startswith("-")))
        if any(name.startswith("-") for name in files):
            self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def collect(store: Store, repo: Repo | str, **changes: Any) -> SourceReport:
    """Collect a repository, or a location, with the options changed."""
    location = repo if isinstance(repo, str) else str(repo.path)
    return collect_repository(store, RepositoryTarget(location, location), replace(OPTIONS, **changes))


def keys(store: Store) -> list[dict[str, Any]]:
    """Rows of `repo_hit` of kind `key`, by path and object."""
    rows = store.query("select * from repo_hit where kind = 'key' order by path, object_id, line")
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]


def key(store: Store) -> dict[str, Any]:
    """The one key row."""
    [row] = keys(store)
    return row


def notes(store: Store) -> dict[str, str]:
    """Detail of each coverage note by its kind."""
    return dict(store.query("select kind, detail from coverage_note order by kind").rows)
