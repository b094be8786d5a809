"""The repository's `.gitleaksignore` on its rows: a reason to show, never a row less."""

from collections.abc import Iterable, Mapping

from shadowscan.git.keep import Row
from shadowscan.git.objects import read_objects
from shadowscan.git.repository import Repository
from shadowscan.secrets.gitleaksignore import FILE, Ignored, is_ignored, read_ignored


def ignored_in(repository: Repository, tree: Mapping[str, str]) -> frozenset[Ignored]:
    """What the file says in this tree; of a change, the tree of BASE is to be given."""
    ids = [tree[FILE]] if FILE in tree else []
    return frozenset(entry for _, data in read_objects(repository, ids) for entry in read_ignored(data or b""))


def mark_ignored(rows: Iterable[Row], ignored: frozenset[Ignored]) -> list[Row]:
    """The rows; a key at an ignored place has the file's name as its allow comment."""
    return [row | {"allow_comment": FILE} if ignored and _is_ignored(row, ignored) else row for row in rows]


def _is_ignored(row: Row, ignored: frozenset[Ignored]) -> bool:
    commits = frozenset({row["commit_id"], row["last_commit_id"]})
    is_open = row["kind"] == "key" and not row["allow_comment"]
    return is_open and is_ignored(ignored, row["path"], row["line"], commits)
