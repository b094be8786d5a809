"""Objects and files through the matcher: which keys lie where, before any commit is looked up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shadowscan.errors import BadInputError
from shadowscan.git.archive import Budget
from shadowscan.git.decode import View, views
from shadowscan.git.objects import SIZE_LIMIT, GitObject, read_objects
from shadowscan.git.repository import Repository
from shadowscan.secrets.identify import Identifier
from shadowscan.secrets.match import Found, Matcher
from shadowscan.secrets.others import OtherSecrets

SCANNED = frozenset({"blob", "commit", "tag"})


@dataclass(frozen=True, slots=True)
class KeyHit:
    """One key in one content. `member` is the archive's member; the key itself stays behind."""

    found: Found
    key_id: str
    line: int
    member: str = ""
    form: str = ""


@dataclass
class ObjectScan:
    """What one pass over objects gave: hits by id, ids read, ids missing, ids over the size limit, parts refused."""

    hits: dict[str, list[KeyHit]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    oversize: list[str] = field(default_factory=list)
    lfs: list[str] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyScanner:
    """Content to hits. One instance a run, so that each distinct key is hashed once."""

    matcher: Matcher
    identifier: Identifier
    others: OtherSecrets | None = None

    def scan(self, data: bytes, budget: Budget | None = None) -> list[KeyHit]:
        """Keys of the content in all its forms; the same key on the same line counts once.

        A key seen in a member is not named again for the archive whose stored bytes show it too.
        """
        kept: dict[tuple[str, str, int], KeyHit] = {}
        for view in views(data, self.matcher.may_hold_base64, budget or Budget()):
            for hit in self._hits(view):
                if not any(key_id == hit.key_id and _is_inside(m, hit.member) for key_id, m, _ in kept):
                    kept.setdefault((hit.key_id, hit.member, hit.line), hit)
        return list(kept.values())

    def _hits(self, view: View) -> Iterator[KeyHit]:
        found_others = self.others.find(view.data) if self.others else ()
        for found in (*self.matcher.find(view.data), *found_others):
            key_id = self.identifier.key_id(found.secret)
            yield KeyHit(found, key_id, view.line or found.line, view.member, view.form)


def _is_inside(member: str, container: str) -> bool:
    return member.startswith(f"{container}!") if container else bool(member)


def scan_objects(repository: Repository, scanner: KeyScanner, objects: Sequence[GitObject]) -> ObjectScan:
    """Read and match every blob, commit and tag of the list."""
    result = ObjectScan()
    wanted = [o for o in objects if o.kind in SCANNED]
    result.oversize = [o.id for o in wanted if o.size > SIZE_LIMIT]
    kinds = {o.id: o.kind for o in wanted if o.size <= SIZE_LIMIT}
    try:
        for id, data in read_objects(repository, list(kinds)):
            _take(result, scanner, id, data)
    except BadInputError:
        result.missing.extend(set(kinds) - set(result.read) - set(result.missing))
    result.kinds = {id: kinds[id] for id in result.hits}
    return result


def _take(result: ObjectScan, scanner: KeyScanner, id: str, data: bytes | None) -> None:
    if data is None:
        result.missing.append(id)
        return
    result.read.append(id)
    if data.startswith(b"version https://git-lfs"):
        result.lfs.append(id)
    budget = Budget()
    hits = scanner.scan(data, budget)
    if hits:
        result.hits[id] = hits
    if budget.refused:
        result.refused[id] = budget.refused
