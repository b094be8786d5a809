"""Opening a repository that others wrote: nothing in it may run, nothing is checked out, nothing sent."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from shadowscan.errors import BadInputError, TargetError

# Settings of the repository that would start a program, or refuse one that another user owns (`safe.directory`).
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.quotePath=false",
    "diff.external=",
    "log.showSignature=false",
    "log.mailmap=true",
    "log.follow=false",
    # What would change the shape of the output, or read a file outside.
    "i18n.logOutputEncoding=UTF-8",
    "color.ui=never",
    "diff.relative=false",
    "diff.orderFile=/dev/null",
    "log.showRoot=true",
    "mailmap.file=/dev/null",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
    "safe.directory=*",
)
# A missing object of a partial clone would else be fetched through whatever transport the repository's config names.
_OFFLINE = ("-c", "protocol.allow=never")
_KEPT = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_CONFIG_GLOBAL")
_URL = ("://", "git@")


@dataclass(frozen=True, slots=True)
class Repository:
    """One opened repository. `worktree` is None for a bare one; `objects_format` follows from the id length."""

    git_dir: Path
    worktree: Path | None

    def command(self, *arguments: str) -> list[str]:
        """Argument list of a safe git call."""
        # Run from its own folder: `ls-files` and `.mailmap` go by the current one.
        place = ["-C", str(self.worktree or self.git_dir)]
        return [*_base_command(), *_OFFLINE, *place, f"--git-dir={self.git_dir}", *self._tree(), *arguments]

    def text(self, *arguments: str, check: bool = True) -> bytes:
        """Standard output of a call; raises `BadInputError` with git's own last line where it fails."""
        done = subprocess.run(self.command(*arguments), capture_output=True, env=safe_environment(), check=False)
        if check and done.returncode:
            raise BadInputError(f"git {arguments[0]} failed: {last_line(done.stderr)}")
        return done.stdout if not done.returncode else b""

    def line(self, *arguments: str) -> str:
        """First line of a call that may fail; empty then."""
        return self.text(*arguments, check=False).decode("utf-8", "replace").strip()

    def path(self, name: str) -> Path:
        """Where a file of the repository's own lies, such as `shallow`: linked worktrees share some of them."""
        place = self.text("rev-parse", "--path-format=absolute", "--git-path", name)
        return Path(os.fsdecode(place.removesuffix(b"\n")))

    def _tree(self) -> list[str]:
        return [f"--work-tree={self.worktree}"] if self.worktree else []


@contextmanager
def open_repository(location: str) -> Iterator[Repository]:
    """Open a folder, a bare folder or a URL (mirrored into a temporary folder, no checkout)."""
    _require_git()
    if is_url(location):
        with TemporaryDirectory(prefix="shadowscan-git-") as folder:
            _mirror(location, folder)
            yield Repository(Path(folder), None)
        return
    yield open_folder(location)


def open_folder(location: str) -> Repository:
    """Open a repository on this machine; raises `TargetError` where there is none."""
    _require_git()
    from git import InvalidGitRepositoryError, NoSuchPathError, Repo

    try:
        with Repo(location) as repo:
            # `core.bare` in a checkout hides its files from git, not from whoever opens the folder.
            tree = repo.working_tree_dir or (location if (Path(location) / ".git").exists() else None)
            return Repository(Path(repo.common_dir if tree is None else repo.git_dir), Path(tree) if tree else None)
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise TargetError(f"{location} is not a git repository", hint="give its root folder or its URL") from error


def is_url(location: str) -> bool:
    """Whether it has to be cloned."""
    return any(mark in location for mark in _URL) and not Path(location).exists()


def safe_environment() -> dict[str, str]:
    """The environment of every git call: no inherited GIT_DIR of a hook, no lazy fetch, no prompt, no lock."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in _KEPT}
    return kept | {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "GIT_EXTERNAL_DIFF": "",
        "LC_ALL": "C.UTF-8",
    }


def last_line(stderr: bytes) -> str:
    """What git said last, without credentials of a URL in it."""
    from shadowscan.git.name import without_credentials

    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return without_credentials(lines[-1]) if lines else "no message"


def _require_git() -> None:
    if shutil.which("git") is None:
        raise BadInputError("git is not installed", hint="install git, or put it on the PATH")


def _base_command() -> list[str]:
    return ["git", "--no-pager", "--no-optional-locks", *(part for s in _SETTINGS for part in ("-c", s))]


def _mirror(url: str, folder: str) -> None:
    call = [*_base_command(), "clone", "--quiet", "--mirror", "--template=", "--", url, folder]
    done = subprocess.run(call, capture_output=True, env=safe_environment(), check=False)
    if done.returncode:
        raise BadInputError(f"git clone failed: {last_line(done.stderr)}")
