"""Files that are not objects yet: untracked, ignored and changed ones."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from shadowscan.git.name import printable
from shadowscan.git.objects import SIZE_LIMIT
from shadowscan.git.repository import Repository


def worktree_files(repository: Repository, head: Mapping[str, str]) -> Iterator[tuple[str, bytes | None]]:
    """Printable path and content of each file that HEAD does not hold just so; None where it is too large."""
    if repository.worktree is None:
        return
    listed = repository.text("ls-files", "-z", "--cached", "--others", check=False).split(b"\0")
    for name in sorted(set(listed) - {b""}):
        path = Path(os.fsdecode(os.path.join(os.fsencode(repository.worktree), name)))  # noqa: PTH118 - bytes
        if name.endswith(b"/") or not is_inside(path, repository.worktree):
            continue
        if path.stat().st_size > SIZE_LIMIT:
            yield printable(name), None
            continue
        data = _content(path)
        known = head.get(printable(name), "")
        if data is not None and (not known or _object_id(data, len(known)) != known):
            yield printable(name), data


def is_inside(path: Path, root: Path) -> bool:
    """A regular file reached through no symbolic link: links are content of their own and never followed."""
    if path.is_symlink() or not path.is_file():
        return False
    return path.resolve().is_relative_to(root.resolve())


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _object_id(data: bytes, length: int) -> str:
    head = b"blob %d\0" % len(data)
    digest = hashlib.sha256(head) if length == 64 else hashlib.sha1(head, usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()
