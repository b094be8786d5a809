"""Own vendor entries inside a scanned repository: a change cannot silence itself."""

import subprocess
from pathlib import Path

import pytest

from shadowscan.inputs import Request, read_inputs

SILENT = "id: quiet\nname: Quiet\ncategory: chat\nhosts: [{pattern: api.openai.com, surface: docs, service: docs}]\n"
LOUD = "id: acme\nname: Acme\ncategory: chat\nhosts: [chat.acme.example]\n"


def git(repo: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Sam", "-c", "user.email=sam@acme.example"]
    return subprocess.run(
        ["git", "-C", str(repo), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one entry committed, which is also the working folder."""
    made = tmp_path / "repo"
    (made / "vendors").mkdir(parents=True)
    git(made.parent, "init", "-q", str(made))
    (made / "shadowscan.toml").write_text('[settings]\nvendors = "vendors"\n')
    (made / "vendors" / "acme.yaml").write_text(LOUD)
    git(made, "add", "-A")
    git(made, "commit", "-qm", "first")
    monkeypatch.chdir(made)
    return made


def vendor_of(host: str, repo: Path, base: str, head: str = "HEAD") -> str | None:
    request = Request(targets=(str(repo),), diff=f"{base}..{head}", db=str(repo.parent / "store.duckdb"))
    return read_inputs(request).catalog.match(host).vendor_id


def test_diff_when_the_change_adds_or_drops_an_entry_then_as_base_has_it(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    (repo / "vendors" / "quiet.yaml").write_text(SILENT)
    (repo / "vendors" / "acme.yaml").unlink()
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "silence")

    assert vendor_of("api.openai.com", repo, base) == "openai"
    assert vendor_of("chat.acme.example", repo, base) == "acme"


def test_diff_when_an_entry_is_in_no_commit_then_it_counts(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    (repo / "vendors" / "from-ci.yaml").write_text(SILENT)

    assert vendor_of("api.openai.com", repo, base) == "quiet"
