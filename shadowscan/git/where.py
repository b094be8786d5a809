"""What placing needs to know of a repository: the history of what was found, HEAD, tags and notes."""

from collections.abc import Collection

from shadowscan.git.history import History, head_tree, read_history
from shadowscan.git.place import Where
from shadowscan.git.refs import read_refs
from shadowscan.git.repository import Repository


def locate(repository: Repository, wanted: Collection[str], tree: dict[str, str], span: tuple[str, ...] = ()) -> Where:
    """Where the wanted object ids stand; the log is read only if there are any."""
    history = read_history(repository, wanted, span) if wanted else History()
    refs = read_refs(repository)
    notes = {id for name in refs.notes for id in _note_ids(repository, name)}
    return Where(
        history=history,
        head=tree,
        head_commit=history.commits.get(repository.line("rev-parse", "--verify", "--quiet", "HEAD")),
        tags=refs.tags,
        notes=frozenset(notes),
    )


def _note_ids(repository: Repository, ref: str) -> set[str]:
    commits = repository.text("rev-list", ref, "--", check=False).decode().split()
    return {*commits, *head_tree(repository, ref).values()}
