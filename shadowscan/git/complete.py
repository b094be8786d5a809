"""Why a reading is not of everything, with the one line that mends it; empty where it is."""

from shadowscan.git.repository import Repository
from shadowscan.git.scan import ObjectScan


def why_incomplete(repository: Repository, scan: ObjectScan) -> str:
    """Shallow, partial, or damaged."""
    if repository.path("shallow").is_file():
        return "shallow clone: older history is not here; run `git fetch --unshallow`"
    if repository.line("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"):
        absent = repository.text("rev-list", "--objects", "--all", "--missing=print", check=False).count(b"\n?")
        if absent:
            return f"partial clone: {absent} objects are not here; run `git fetch --refetch --no-filter`"
    return why_damaged(scan)


def why_damaged(scan: ObjectScan) -> str:
    """How many objects that should be here could not be read."""
    return f"{len(scan.missing)} objects are missing or damaged; run `git fsck`" if scan.missing else ""
