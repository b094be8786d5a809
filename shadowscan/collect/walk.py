"""Walking folders in name order: repositories are named, `.git` and the store's own folder are never entered."""

import os
from collections.abc import Iterator
from pathlib import Path

NEVER_ENTERED = frozenset({".git", ".shadowscan"})
STORE_NAME = "shadowscan.duckdb"
STORE_SUFFIXES = (".duckdb", ".duckdb.wal", ".duckdb.lock", ".duckdb.snapshot", ".duckdb.new")


def is_repository(path: Path) -> bool:
    """Whether the folder is a repository's root: a working tree, a worktree or submodule, or a bare repository."""
    if (path / ".git").exists():
        return True
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def walk_files(root: Path) -> Iterator[Path]:
    """Files below a folder in name order, outside repositories and stores. Links to folders are not followed."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if _is_open(here / name))
        if here != root and is_repository(here):
            folders.clear()
            continue
        for name in sorted(files):
            if not name.endswith(STORE_SUFFIXES):
                yield here / name


def walk_repositories(root: Path) -> Iterator[Path]:
    """Repositories below a folder (not the folder itself), in name order; those inside another are left to it."""
    for folder, folders, _ in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if _is_open(here / name))
        if here != root and is_repository(here):
            folders.clear()
            yield here


def _is_open(folder: Path) -> bool:
    return folder.name not in NEVER_ENTERED and not (folder / STORE_NAME).exists() and not folder.name.endswith(".tmp")
