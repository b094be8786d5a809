"""Why a reading is not of everything, with the one line that mends it; empty where it is."""

from collections.abc import Mapping

from shadowscan.errors import BadInputError
from shadowscan.git.refs import read_refs
from shadowscan.git.repository import Repository
from shadowscan.git.scan import ObjectScan

FSCK = "run `git fsck`"


def why_incomplete(repository: Repository, scan: ObjectScan, tree: Mapping[str, str]) -> str:
    """Shallow, partial, or damaged."""
    if repository.path("shallow").is_file():
        return "shallow clone: older history is not here; run `git fetch --unshallow`"
    if repository.line("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"):
        absent = repository.text("rev-list", "--objects", "--all", "--missing=print", check=False).count(b"\n?")
        if absent:
            return f"partial clone: {absent} objects are not here; run `git fetch --refetch --no-filter`"
    return why_damaged(scan) or _why_unlinked(repository, tree)


def why_damaged(scan: ObjectScan) -> str:
    """How many objects that should be here could not be read."""
    return f"{len(scan.missing)} objects are missing or damaged; {FSCK}" if scan.missing else ""


def _why_unlinked(repository: Repository, tree: Mapping[str, str]) -> str:
    """What a listing of objects does not show: that something which should lead to one leads nowhere."""
    closed = _unindexed(repository)
    if closed:
        return f"{closed} packs have no index that git can read; {FSCK}"
    refs = read_refs(repository)
    if refs.reason:
        return f"references cannot be listed ({refs.reason}); {FSCK}"
    if refs.lost:
        return f"{len(refs.lost)} references lead nowhere ({', '.join(sorted(refs.lost)[:3])}); {FSCK}"
    try:
        if not tree and repository.line("rev-parse", "--verify", "--quiet", "HEAD"):
            repository.text("ls-tree", "-r", "HEAD")
        repository.text("rev-list", "--count", *refs.tips[:1], "--all")
    except BadInputError as error:
        return f"the history breaks off ({error.message}); {FSCK}"
    return ""


def _unindexed(repository: Repository) -> int:
    """Packs that lie there, less those that git counts."""
    lying = len(list(repository.path("objects/pack").glob("*.pack")))
    told = dict(line.split(b": ") for line in repository.text("count-objects", "-v", check=False).splitlines())
    return max(0, lying - int(told.get(b"packs", b"0")))
