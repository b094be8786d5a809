"""Blind spots of repositories: what one names, and the scan did not read, with a few of the names."""

from collections.abc import Iterator

from shadowscan.enrich.context import EnrichContext
from shadowscan.model.outcome import BlindSpot

AFFECTED = ("keys.leaked-key", "keys.other-secret")
# Kind of `coverage_note`: title, what they are, and what to do.
SAID = {
    "archive": ("parts of archives not read", "parts of archives were encrypted, damaged or beyond a bound", ""),
    "lfs": (
        "Git LFS content not read",
        "pointers lead to content outside",
        "fetch it (`git lfs pull`), scan the folder",
    ),
    "missing_object": ("objects not read", "objects are missing or damaged", "run `git fsck`, or fetch them"),
    "oversize": ("large files not read", "files or objects are larger than 64 MB", ""),
    "submodule": ("repositories inside not read", "repositories lie inside", "give each as a target of its own"),
    "unreadable": ("files not readable", "files or folders may not be read by this user", "run as one who may"),
}
_NOTES = """
    select n.kind, s.target, n.count, n.detail
    from coverage_note as n
    join source_object as s on s.source_id = n.source_id
    where s.format = 'git'
    order by n.kind, s.target, n.detail
"""


def unread(context: EnrichContext) -> Iterator[BlindSpot]:
    """One entry a repository and kind."""
    for kind, target, count, names in context.store.query(_NOTES).rows:
        title, what, hint = SAID[kind]
        yield BlindSpot(title, f"{target}: {count} {what}: {names}" + (f"; {hint}" if hint else ""), AFFECTED)
