"""`--diff BASE..HEAD`: the objects that the range adds, and whether all of them are here."""

import re
from dataclasses import dataclass

from shadowscan.errors import BadInputError, UsageError
from shadowscan.git.history import head_tree
from shadowscan.git.objects import GitObject, describe_objects, read_objects
from shadowscan.git.repository import Repository

_RANGE = re.compile(r"^(?P<base>[^.\s-][^\s]*?)\.\.\.?(?P<head>[^\s.-][^\s]*)?$")
DEEPEN = "git fetch --deepen=1000 origin"


@dataclass(frozen=True, slots=True)
class Range:
    """A resolved range. `base` empty = it is not here; `missing` ids are in the range and not here."""

    base: str
    head: str
    objects: tuple[GitObject, ...]
    missing: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why the range is not complete, with the one-line fix; empty where it is."""
        if not self.base or not self.head:
            return f"a commit of the range is not in this clone: run `{DEEPEN}`"
        count = len(self.missing)
        return f"{count} objects of the range are not in this clone: run `{DEEPEN}`" if count else ""


def read_range(repository: Repository, text: str) -> Range:
    """Resolve and list a range; raises `UsageError` where it is not written as BASE..HEAD."""
    found = _RANGE.match(text)
    if not found:
        raise UsageError(f"--diff {text!r} is not a range", hint="write it as BASE..HEAD")
    base, head = (_resolve(repository, name) for name in (found["base"], found["head"] or "HEAD"))
    if not base or not head:
        return Range(base, head, (), ())
    try:
        listed = repository.text("rev-list", "--objects", "--missing=print", head, f"^{base}")
    except BadInputError:
        return Range(base, head, (), (head,))  # a commit of it is missing
    lines = listed.decode("utf-8", "replace").splitlines()
    absent = [line[1:] for line in lines if line.startswith("?")]
    ids = dict.fromkeys(line.split(" ", 1)[0] for line in lines if not line.startswith("?"))
    objects, missing = describe_objects(repository, ids | dict.fromkeys(_contents(repository, base, head)))
    cut = _cut_commits(repository, base, head)
    return Range(base, head, tuple(objects), (*absent, *missing, *cut))


def base_content(repository: Repository, base: str, paths: frozenset[str]) -> dict[str, bytes]:
    """Content at BASE of those of the paths that exist there."""
    tree = head_tree(repository, base)
    ids = [tree[path] for path in sorted(paths) if path in tree]
    read = {id: data for id, data in read_objects(repository, ids) if data is not None}
    return {path: read[tree[path]] for path in paths if path in tree and tree[path] in read}


def _contents(repository: Repository, base: str, head: str) -> list[str]:
    """Content that HEAD has where BASE has none or other: a copy of an old file brings no new object."""
    listed = repository.text("diff-tree", "-r", "-z", "--no-renames", base, head, check=False).split(b"\0")
    entries = [entry.split() for entry in listed[0::2] if entry.startswith(b":")]
    return [entry[3].decode() for entry in entries if entry[1].startswith(b"10")]


def _cut_commits(repository: Repository, base: str, head: str) -> list[str]:
    """Commits at which a shallow clone ends and that leave open what the range adds: those in the range itself, and
    those of BASE's history that are not older than all of it. Behind these BASE may have commits that seem added."""
    shallow = repository.path("shallow")
    if not shallow.is_file():
        return []
    ends = set(shallow.read_text().split())
    added = _commit_times(repository, head, f"^{base}")
    if not added:
        return []
    behind = {id for id, at in _commit_times(repository, base).items() if id in ends and at >= min(added.values())}
    return sorted((added.keys() & ends) | behind)


def _commit_times(repository: Repository, *revisions: str) -> dict[str, int]:
    """Seconds of the commits of these revisions, as far as they are here."""
    listed = repository.text("log", "--format=%H %ct", *revisions, "--", check=False).decode().splitlines()
    found = (line.partition(" ") for line in listed)
    return {id: int(at) if at.isdigit() else 0 for id, _, at in found}  # a date may be none


def _resolve(repository: Repository, name: str) -> str:
    return repository.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
