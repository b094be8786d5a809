"""The state a repository is in, as one digest: where it is the same, history and HEAD say what they said before."""

import hashlib

from shadowscan.errors import BadInputError
from shadowscan.git.objects import Listing
from shadowscan.git.repository import Repository

# What says how complete a clone is, and whose name an author goes by.
_SETTINGS = r"^(extensions\..*|remote\..*\.(promisor|partialclonefilter)|mailmap\..*)$"


def state_of(repository: Repository, listing: Listing, rules: str) -> str:
    """Digest of objects, references, what the clone leaves out, the mail map, and the rules they are read by.

    Empty where git cannot list the references: then nothing is known to be as it was.
    """
    try:
        references = repository.text("for-each-ref", "--format=%(objectname) %(refname)")
    except BadInputError:
        return ""
    parts = (
        rules.encode(),
        listing.digest,
        references,
        repository.text("rev-parse", "--verify", "--quiet", "HEAD", check=False),
        repository.text("config", "--get-regexp", _SETTINGS, check=False),
        _content(repository, "shallow"),
        _content(repository, "info/grafts"),
        _mail_map(repository),
    )
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _content(repository: Repository, name: str) -> bytes:
    path = repository.path(name)
    return path.read_bytes() if path.is_file() else b""


def _mail_map(repository: Repository) -> bytes:
    """The working tree's own, which git reads from there; of a bare repository it lies in HEAD."""
    path = repository.worktree / ".mailmap" if repository.worktree else None
    return path.read_bytes() if path and path.is_file() and not path.is_symlink() else b""
