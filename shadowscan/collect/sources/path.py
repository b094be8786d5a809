"""Files and folders on this machine. Permission: read."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.collect.walk import walk_files
from shadowscan.errors import TargetError
from shadowscan.model.window import Window


class PathSource:
    """One file, or every file of a folder in name order. An unreadable file fails alone."""

    id = "path"

    def accepts(self, target: str) -> bool:
        """Whether it exists here."""
        return Path(target).exists()

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """Objects by absolute path, since a relative one would mean another file from another folder."""
        root = Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would rename what lies behind a link
        if not root.exists():
            raise TargetError(f"{target} does not exist", hint="check the path")
        for path in walk_files(root) if root.is_dir() else [root]:
            if path.is_symlink() and not path.exists():
                continue
            yield _describe(path)

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """The file where it is."""
        return Path(item.name)


SOURCE = PathSource()


def _describe(path: Path) -> RemoteObject:
    found = path.stat()
    modified_at = datetime.fromtimestamp(found.st_mtime, UTC)
    return RemoteObject(str(path), f"{found.st_size}:{found.st_mtime_ns}", found.st_size, modified_at)
