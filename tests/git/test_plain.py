"""Files of no repository: keys in them are found, and a file without any stays unrecognised."""

from pathlib import Path

import pytest

from shadowscan.errors import TargetError
from shadowscan.inputs import Request
from shadowscan.model.audit import Audit
from shadowscan.model.outcome import Collected, Skipped
from shadowscan.pipeline import scan
from tests.git.repository import Repo
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")


def leaked(audit: Audit) -> list[tuple[str, str, str]]:
    found = [finding for finding in audit.findings if finding.rule_id == "keys.leaked-key"]
    return [(f.state, f.title, f.locations[0].path if f.locations else "") for f in found]


def run(tmp_path: Path, *targets: Path) -> Audit:
    return scan(Request(targets=tuple(map(str, targets)), db=str(tmp_path / "s.duckdb")))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_file_when_it_is_one_env_file_then_its_key_found(tmp_path: Path) -> None:
    audit = run(tmp_path, write(tmp_path / "app" / ".env", f"A=1\nKEY={KEY}\n"))
    [(state, _, path)] = leaked(audit)
    assert (state, path) == ("new", ".env")
    assert [type(source.outcome) for source in audit.sources] == [Collected]


def test_folder_when_it_is_no_repository_then_paths_from_its_root_and_one_finding(tmp_path: Path) -> None:
    write(tmp_path / "app" / "a" / ".env", f"KEY={KEY}\n")
    write(tmp_path / "app" / "b.sh", f"export KEY={KEY}\n")
    write(tmp_path / "app" / "notes.txt", "nothing here\n")
    audit = run(tmp_path, tmp_path / "app")
    [(_, _, path)] = leaked(audit)
    assert path == "a/.env"
    assert sum(isinstance(source.outcome, Skipped) for source in audit.sources) == 1


def test_file_when_it_holds_no_key_then_still_refused_as_unrecognised(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="nothing recognised"):
        run(tmp_path, write(tmp_path / "notes.txt", "nothing here\n"))


def test_file_when_its_key_is_gone_then_resolved(tmp_path: Path) -> None:
    path = write(tmp_path / "app" / ".env", f"KEY={KEY}\n")
    run(tmp_path, path)
    path.write_text("KEY=\n")
    audit = run(tmp_path, path)
    assert [f.not_rechecked for f in audit.findings] == [None]
    assert [state for state, _, _ in leaked(audit)] == ["resolved"]


def test_file_when_a_repository_has_the_same_key_then_one_key_id(tmp_path: Path) -> None:
    repo = Repo.create(tmp_path / "repo")
    repo.commit({"a.env": f"KEY={KEY}"})
    path = write(tmp_path / "app" / ".env", f"KEY={KEY}\n")
    audit = run(tmp_path, path, repo.path)
    ids = {finding.subject.id for finding in audit.findings if finding.rule_id == "keys.leaked-key"}
    assert (len(leaked(audit)), len(ids)) == (2, 1)
