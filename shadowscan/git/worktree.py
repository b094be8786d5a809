"""Files that are not objects yet: untracked, ignored and changed ones."""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
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


@dataclass(frozen=True, slots=True)
class Lying:
    """A regular file of the working tree. `stamp` is another after any write: size, inode, and times in ns."""

    path: Path
    stamp: tuple[int, ...]

    @property
    def changed_at(self) -> int:
        """The newest of its times, ns since 1970."""
        return max(self.stamp[2:])

    def read(self) -> bytes | Unread:
        """The content as it lies there now."""
        try:
            return self.path.read_bytes()
        except OSError:
            return Unread("unreadable")


def worktree_files(repository: Repository) -> Iterator[tuple[str, Lying | Unread]]:
    """Printable path of each file below the working tree's root, or why it cannot be read; in path order."""
    if repository.worktree is None:
        return
    leads_inside = cache(partial(_leads_into, repository.worktree))  # asked once a folder
    for name in _names(repository, repository.worktree):
        if isinstance(name, str):
            yield name, Unread("unreadable")
            continue
        file = Unread("submodule") if name.endswith(b"/") else _find(repository.worktree, name, leads_inside)
        if file is not None:
            yield printable(name), file


def object_id(data: bytes, length: int) -> str:
    """The id that git gives this content, of so many hexadecimal digits."""
    head = b"blob %d\0" % len(data)
    digest = hashlib.sha256(head) if length == 64 else hashlib.sha1(head, usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


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


def _find(worktree: Path, name: bytes, leads_inside: Callable[[Path], bool]) -> Lying | Unread | None:
    """The file; None where it is no regular one, or was reached through a link."""
    path = Path(os.fsdecode(os.path.join(os.fsencode(worktree), name)))  # noqa: PTH118 - bytes
    try:
        if not _is_regular(path) or not leads_inside(path.parent):
            return None
        found = path.stat()
    except OSError:
        return Unread("unreadable")
    stamp = (found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
    return Lying(path, stamp) if found.st_size <= SIZE_LIMIT else Unread("oversize")


def is_inside(path: Path, root: Path) -> bool:
    """A regular file reached through no symbolic link: links are content of their own and never followed."""
    return _is_regular(path) and _leads_into(root, path.parent)


def _is_regular(path: Path) -> bool:
    return not path.is_symlink() and path.is_file()


def _leads_into(root: Path, folder: Path) -> bool:
    return folder.resolve().is_relative_to(root.resolve())
