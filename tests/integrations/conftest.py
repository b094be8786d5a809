"""A forge's repository, and jobs that check it out as the checkout action leaves it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.git.repository import Repo
from tests.integrations.runner import Job, clean_environment


@dataclass
class Forge:
    """`origin` with a `main` of several commits, and a place where jobs run."""

    origin: Repo
    folder: Path

    def merge(self, number: int, branch: str) -> tuple[str, str]:
        """What GitHub offers as refs/pull/N/merge; gives (base, merge)."""
        base = self.origin.git("rev-parse", "main")
        self.origin.git("checkout", "-q", "--detach", "main")
        self.origin.git("merge", "-q", "--no-ff", "-m", f"Merge {branch} into main", branch)
        merge = self.origin.git("rev-parse", "HEAD")
        self.origin.git("update-ref", f"refs/pull/{number}/merge", merge)
        self.origin.git("checkout", "-q", "main")
        return base, merge

    def job(self, ref: str, commit: str, event: str, payload: dict[str, Any], depth: int = 1) -> Job:
        """A checkout of `commit` by `ref`, shallow and detached, and the event's environment."""
        number = len(list(self.folder.iterdir()))
        workspace, temp, home = (self.folder / f"{name}-{number}" for name in ("work", "temp", "home"))
        for made in (workspace, temp, home):
            made.mkdir()
        clone = Repo(workspace)
        clone.git("init", "-q", "-b", "main")
        clone.git("remote", "add", "origin", self.origin.path.as_uri())
        local = ref.replace("refs/heads/", "refs/remotes/origin/").replace("refs/pull/", "refs/remotes/pull/")
        if depth:
            clone.git("fetch", "-q", "--no-tags", f"--depth={depth}", "origin", f"+{commit}:{local}")
        else:
            clone.git("fetch", "-q", "--no-tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
            clone.git("fetch", "-q", "--no-tags", "origin", f"+{commit}:{local}")
        clone.git("checkout", "-q", "--force", "--detach", local)
        repository = {"default_branch": "main"}
        github = {"event_name": event, "token": "", "event": {"repository": repository, **payload}}
        environment = clean_environment() | {
            "HOME": str(home),
            "GITHUB_EVENT_NAME": event,
            "GITHUB_REF": ref,
            "GITHUB_SHA": commit,
            "GITHUB_REPOSITORY": "acme/api",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_API_URL": "http://127.0.0.1:1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        return Job(workspace, temp, github, environment)


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    origin = Repo.create(tmp_path / "origin")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")  # as the forges do
    for n in range(5):
        origin.commit({"a.txt": f"{n}"}, f"main {n}")
    jobs = tmp_path / "jobs"
    jobs.mkdir()
    return Forge(origin, jobs)
