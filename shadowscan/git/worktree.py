"""Files that are not objects yet: untracked, ignored and changed ones."""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shadowscan.git.name import printable
from shadowscan.git.objects import SIZE_LIMIT
from shadowscan.git.repository import Repository, safe_environment

_CLOSED = re.compile(rb"could not open directory '(.*?)/?': ")


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file's content is not here, as a kind of `coverage_note`."""

    kind: Literal["oversize", "unreadable", "submodule"]


def worktree_files(repository: Repository, head: Mapping[str, str]) -> Iterator[tuple[str, bytes | Unread]]:
    """Printable path and content of each file that HEAD does not hold just so, or why it was not read."""
    if repository.worktree is None:
        return
    for name in _names(repository, repository.worktree):
        if isinstance(name, str):
            yield name, Unread("unreadable")
            continue
        content = Unread("submodule") if name.endswith(b"/") else _read(repository.worktree, name)
        known = head.get(printable(name), "")
        if isinstance(content, Unread) or (content is not None and not _is_known(content, known)):
            yield printable(name), content


def _names(repository: Repository, worktree: Path) -> list[bytes | str]:
    """Every file's path from the root, as git lists them; where its index is damaged, what lies there.

    Text instead of bytes is a folder that may not be listed.
    """
    call = repository.command("ls-files", "-z", "--cached", "--others")
    done = subprocess.run(call, capture_output=True, env=safe_environment(), check=False)
    listed = set(_lying_in(worktree) if done.returncode else done.stdout.split(b"\0")) - {b""}
    closed = {printable(name) for name in _CLOSED.findall(done.stderr)}
    return [*sorted(closed), *sorted(listed)]


def _lying_in(worktree: Path) -> Iterator[bytes]:
    root = os.fsencode(worktree)
    for folder, folders, names in os.walk(root):
        if folder != root and b".git" in (*folders, *names):
            folders.clear()
            yield os.path.relpath(folder, root) + b"/"
            continue
        folders[:] = [name for name in folders if name != b".git"]
        yield from (os.path.relpath(os.path.join(folder, name), root) for name in names)  # noqa: PTH118 - bytes


def _read(worktree: Path, name: bytes) -> bytes | Unread | None:
    """The file's content; None where it is no regular file, or was reached through a link."""
    path = Path(os.fsdecode(os.path.join(os.fsencode(worktree), name)))  # noqa: PTH118 - bytes
    try:
        if not is_inside(path, worktree):
            return None
        return path.read_bytes() if path.stat().st_size <= SIZE_LIMIT else Unread("oversize")
    except OSError:
        return Unread("unreadable")


def _is_known(data: bytes, object_id: str) -> bool:
    return bool(object_id) and _object_id(data, len(object_id)) == object_id


def is_inside(path: Path, root: Path) -> bool:
    """A regular file reached through no symbolic link: links are content of their own and never followed."""
    if path.is_symlink() or not path.is_file():
        return False
    return path.resolve().is_relative_to(root.resolve())


def _object_id(data: bytes, length: int) -> str:
    head = b"blob %d\0" % len(data)
    digest = hashlib.sha256(head) if length == 64 else hashlib.sha1(head, usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()
