"""The exported baseline is one that detect-secrets itself takes: it reports nothing new after it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shadowscan.cli.baseline import app
from shadowscan.secrets.detect_secrets_baseline import read_places
from tests.git.repository import Repo
from tests.secrets.generate import make_key

OPENAI, TOGETHER = make_key("openai-user-key"), make_key("together-key")


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Repo, Path]:
    repo = Repo.create(tmp_path / "repo")
    repo.commit({"app.py": f"\nkey = '{OPENAI}'\n", "data/x.txt": f"a\nb {TOGETHER} c\n", "clean.py": "x = 1\n"})
    repo.write("untracked.env", f"KEY={OPENAI}\n")
    file = tmp_path / "baseline.json"
    done = CliRunner().invoke(app, ["export", str(file), "--detect-secrets", "--repo", str(repo.path)])
    assert done.exit_code == 0, done.output
    return repo, file


def test_export_when_keys_stand_in_tracked_files_then_each_place_and_no_key(exported: tuple[Repo, Path]) -> None:
    _, file = exported
    assert read_places(file) == {("app.py", 2), ("data/x.txt", 2)}
    assert OPENAI not in file.read_text() and TOGETHER not in file.read_text()


def test_export_when_detect_secrets_compares_then_nothing_is_new(
    exported: tuple[Repo, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from detect_secrets.core import baseline
    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import default_settings

    repo, file = exported
    monkeypatch.chdir(repo.path)
    known = baseline.load(json.loads(file.read_text()))
    with default_settings():
        found = SecretsCollection()
        for name in ("app.py", "data/x.txt", "clean.py"):
            found.scan_file(name)
    assert found.files == {"app.py"}  # it sees the one; the other is listed for whoever reads the baseline
    assert (found - known).json() == {}


def test_export_when_no_tool_or_no_repository_then_refused(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["export", str(tmp_path / "b.json")]).exit_code != 0
    call = ["export", str(tmp_path / "b.json"), "--detect-secrets", "--repo", str(tmp_path)]
    assert CliRunner().invoke(app, call).exit_code != 0
    assert not (tmp_path / "b.json").exists()
