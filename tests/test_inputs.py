"""What a run reads under `--diff`: files of the scanned repository as BASE has them."""

import subprocess
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.inputs import Request, read_inputs

POLICY = "extends: policies/company.yaml\norganization: acme\n"
STRICT = "vendors: {denied: [openai]}\n"


def git(repo: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Sam", "-c", "user.email=sam@acme.example"]
    call = ["git", "-C", str(repo), *identity, *arguments]
    return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()


def commit(repo: Path, files: dict[str, str | None]) -> str:
    for name, text in files.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if text is None else path.write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "change")
    return git(repo, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = tmp_path / "repo"
    git(tmp_path, "init", "-q", str(made))
    return made


def denied(repo: Path, base: str) -> list[str]:
    request = Request(
        targets=(str(repo),), policy=str(repo / "policy.yaml"), diff=f"{base}..HEAD", db=str(repo.parent / "s.duckdb")
    )
    return [entry.id for entry in read_inputs(request).policy.vendors.denied]


@pytest.mark.parametrize("company", ["", None], ids=["emptied", "deleted"])
def test_policy_when_the_change_weakens_what_it_extends_then_as_base_has_it(repo: Path, company: str | None) -> None:
    base = commit(repo, {"policy.yaml": POLICY, "policies/company.yaml": STRICT})
    commit(repo, {"policies/company.yaml": company, "x": "x"})
    assert denied(repo, base) == ["openai"]


def test_policy_when_base_lacks_what_it_extends_then_refused_by_name(repo: Path) -> None:
    base = commit(repo, {"policy.yaml": POLICY})
    commit(repo, {"policies/company.yaml": STRICT})
    with pytest.raises(ConfigError, match=r"extends 'policies/company.yaml', which does not exist"):
        denied(repo, base)


def test_policy_when_it_extends_a_file_outside_the_repository_then_that_file(repo: Path) -> None:
    (repo.parent / "company.yaml").write_text(STRICT)
    base = commit(repo, {"policy.yaml": "extends: ../company.yaml\n"})
    commit(repo, {"x": "x"})
    assert denied(repo, base) == ["openai"]


def test_policy_when_base_has_none_then_none_is_given(repo: Path) -> None:
    base = commit(repo, {"x": "x"})
    commit(repo, {"policy.yaml": "vendors: {approved: [openai]}\n"})
    request = Request(
        targets=(str(repo),), policy=str(repo / "policy.yaml"), diff=f"{base}..HEAD", db=str(repo.parent / "s.duckdb")
    )
    assert not read_inputs(request).policy.is_given
