"""Keys as they stand in the tracked files of a working tree now, for what needs the key itself and not the store."""

import os
from collections.abc import Iterator
from pathlib import Path

from shadowscan.catalog import Catalog
from shadowscan.errors import TargetError
from shadowscan.git.keep import open_matcher
from shadowscan.git.objects import SIZE_LIMIT
from shadowscan.git.repository import open_folder
from shadowscan.git.worktree import is_inside
from shadowscan.secrets.match import Found


def tracked_root(location: str) -> Path:
    """Root of the working tree; raises `TargetError` where there is none."""
    tree = open_folder(location).worktree
    if tree is None:
        raise TargetError(f"{location} has no working tree", hint="give a checkout, not a bare repository")
    return tree


def tracked_keys(location: str, catalog: Catalog) -> Iterator[tuple[str, list[Found]]]:
    """(path from the root, keys) of each tracked file that holds one in plain text."""
    root, matcher = tracked_root(location), open_matcher(catalog)
    listed = open_folder(location).text("ls-files", "-z", "--cached", check=False).split(b"\0")
    for name in sorted({os.fsdecode(name) for name in listed if name}):
        path = root / name
        if is_inside(path, root) and path.stat().st_size <= SIZE_LIMIT:
            found = matcher.find(path.read_bytes())
            if found:
                yield name, found
