"""Objects and files through the matcher: which keys lie where, before any commit is looked up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shadowscan.errors import BadInputError
from shadowscan.git.archive import Budget
from shadowscan.git.decode import HEAD, LFS, View, is_plain, views
from shadowscan.git.objects import SIZE_LIMIT, GitObject, stream_objects
from shadowscan.git.repository import Repository
from shadowscan.secrets.context import UNKNOWN
from shadowscan.secrets.identify import Identifier
from shadowscan.secrets.match import Found, Matcher
from shadowscan.secrets.others import OtherSecrets

SCANNED = frozenset({"blob", "commit", "tag"})


@dataclass(frozen=True, slots=True)
class KeyHit:
    """One key in one content, as far as it may be told: the key itself stays behind. `member` is the archive's."""

    vendor_id: str
    format_id: str
    kind: str
    severity: str
    key_id: str
    mask: str
    line: int
    member: str = ""
    form: str = ""
    allow_comment: str = ""


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

    def add(self, id: str, kind: str, hits: list[KeyHit], refused: list[str]) -> None:
        """What one object holds; nothing of an object without."""
        if hits:
            self.hits[id] = hits
            self.kinds[id] = kind
        if refused:
            self.refused[id] = refused


@dataclass(frozen=True, slots=True)
class KeyScanner:
    """Content to hits. One instance a run, so that each distinct key is hashed once."""

    matcher: Matcher
    identifier: Identifier
    others: OtherSecrets | None = None

    def is_clear(self, data: memoryview) -> bool:
        """Whether `scan` would find nothing, where that is cheap to say: plain text without a sign of a key."""
        return is_plain(data[:HEAD].tobytes()) and not self.matcher.signs(data)

    def scan(self, data: bytes, budget: Budget | None = None) -> list[KeyHit]:
        """Keys of the content in all its forms; the same key on the same line counts once.

        A key seen in a member is not named again for the archive whose stored bytes show it too.
        """
        kept: dict[tuple[str, str, int], KeyHit] = {}
        members: dict[str, set[str]] = {}
        for view in views(data, self.matcher.signs, budget or Budget()):
            for hit in self._hits(view):
                known = members.setdefault(hit.key_id, set())
                if not any(_is_inside(member, hit.member) for member in known):
                    known.add(hit.member)
                    place = (hit.key_id, hit.member, hit.line)
                    # A decoded form may show the word that says whose the key is.
                    if place not in kept or kept[place].vendor_id == UNKNOWN != hit.vendor_id:
                        kept[place] = hit
        return list(kept.values())

    def _hits(self, view: View) -> Iterator[KeyHit]:
        found_others = self.others.find(view.data) if self.others else ()
        for found in (*self.matcher.find(view.data, view.signs), *found_others):
            yield self._hit(found, view)

    def _hit(self, found: Found, view: View) -> KeyHit:
        return KeyHit(
            vendor_id=found.vendor_id,
            format_id=found.format_id,
            kind=found.kind,
            severity=found.severity,
            key_id=self.identifier.key_id(found.secret),
            mask=str(found.secret),
            line=found.line,
            member=view.member,
            form=view.form,
            allow_comment=found.allow_comment,
        )


def _is_inside(member: str, container: str) -> bool:
    return member.startswith(f"{container}!") if container else bool(member)


def scan_objects(repository: Repository, scanner: KeyScanner, objects: Sequence[GitObject]) -> ObjectScan:
    """Read and match every blob, commit and tag of the list."""
    result = ObjectScan()
    wanted = [o for o in objects if o.kind in SCANNED]
    result.oversize = [o.id for o in wanted if o.size > SIZE_LIMIT]
    kinds = {o.id: o.kind for o in wanted if o.size <= SIZE_LIMIT}
    read, is_clear = result.read, scanner.is_clear
    try:
        for id, data in stream_objects(repository, list(kinds)):
            if data is None:
                result.missing.append(id)
                continue
            read.append(id)
            if not is_clear(data):
                _take(result, scanner, id, kinds[id], bytes(data))
    except BadInputError:
        result.missing.extend(set(kinds) - set(result.read) - set(result.missing))
    return result


def _take(result: ObjectScan, scanner: KeyScanner, id: str, kind: str, data: bytes) -> None:
    if data.startswith(LFS):
        result.lfs.append(id)
    budget = Budget()
    hits = scanner.scan(data, budget)
    result.add(id, kind, hits, budget.refused)
