"""Walking: name order, and never into `.git`, a repository or a store."""

from pathlib import Path

import pytest

from shadowscan.collect.sources.path import SOURCE
from shadowscan.errors import TargetError
from shadowscan.model.window import Window


def test_list_when_folder_then_name_order_without_git_store_and_repositories(tmp_path: Path) -> None:
    names = ["b/2.log", "b/1.log", "a.log", ".git2/x", "sub/.git/HEAD", "sub/code.py", "own/shadowscan.duckdb", "own/y"]
    for name in [*names, ".shadowscan/z", "other.duckdb", "other.duckdb.lock"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    found = [Path(item.name).relative_to(tmp_path) for item in SOURCE.list_objects(str(tmp_path), Window(), {})]

    assert [str(path) for path in found] == ["a.log", ".git2/x", "b/1.log", "b/2.log"]


def test_list_when_file_is_written_then_its_version_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("one")
    [before] = SOURCE.list_objects(str(path), Window(), {})
    path.write_text("three")
    [after] = SOURCE.list_objects(str(path), Window(), {})

    assert (before.name, before.version != after.version) == (str(path), True)


def test_list_when_missing_then_target_error(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="does not exist"):
        list(SOURCE.list_objects(str(tmp_path / "x"), Window(), {}))
