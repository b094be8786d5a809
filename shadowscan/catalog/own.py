"""A user's own vendor entries: read strictly, and laid over what ships.

An entry with a shipped vendor's id adds to it: what it says wins, lists are joined with its items first. A host that it
lists is taken from whichever shipped vendor had it. Anything wider, such as a suffix that would swallow hosts of others
unsaid, is refused.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shadowscan.catalog.build import Document, document_of
from shadowscan.catalog.entry import VendorEntry
from shadowscan.catalog.entry_host import HostItem
from shadowscan.catalog.overlap import claims_of, overlap_problems
from shadowscan.catalog.public_suffix import public_suffixes
from shadowscan.catalog.read import read_entry
from shadowscan.catalog.refuse import suffix_problems
from shadowscan.documents import Block, Problem, bare, problems_in, read_yaml, refuse
from shadowscan.errors import Location

_IDENTITY = {"hosts": ("pattern", "match"), "ranges": ("cidr",), "region_rules": ("id",), "key_formats": ("id",)}


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One file of a user's, as read."""

    path: Path
    entry: VendorEntry

    @property
    def given(self) -> dict[str, Any]:
        """What the file says, checked, without what it leaves out."""
        document = document_of(self.entry)
        return {key: document[key] for key in document if key in self.entry.model_fields_set}


def own_files(folder: Path) -> list[Path]:
    """The entries of a user's folder, sorted."""
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))


def read_own(files: Iterable[Path], shipped: Mapping[str, Document]) -> list[OwnEntry]:
    """The entries of these files, each fine by itself; raises `ConfigError` with every problem and its line.

    What is wrong in the shape of one does not hide that its hosts are too wide or stand above those of others.
    """
    blocks = [(path, read_yaml(path)) for path in files]
    wrong = [problem for _, block in blocks for problem in problems_in(VendorEntry, block)]
    own = [OwnEntry(path, _as_far_as_readable(block) if wrong else read_entry(path)) for path, block in blocks]
    wide = [problem for one in own for problem in suffix_problems(one.entry, public_suffixes())] if own else []
    refuse([*wrong, *wide, *(_overlaps(own, shipped) if wrong or wide else ())])
    return own


def _as_far_as_readable(block: Block) -> VendorEntry:
    """An entry of the hosts that are hosts, to see what else is wrong with them."""
    listed = block.get("hosts")
    hosts = []
    for item in listed if isinstance(listed, list) else ():
        with suppress(ValidationError):
            hosts.append(HostItem.model_validate(bare("pattern")(item)))
    entry = VendorEntry.model_construct(id=str(block.get("id", "")), name="", category="chat", hosts=tuple(hosts))
    entry._place = block.place
    return entry


def refuse_together(own: Sequence[OwnEntry], shipped: Mapping[str, Document]) -> None:
    """Raise `ConfigError` where entries that are fine alone are not so beside each other and what ships."""
    refuse(problem for problem in (*_same_ids(own), *_overlaps(own, shipped)))


def lay_over(own: Sequence[OwnEntry], shipped: Mapping[str, Document]) -> dict[str, Document]:
    """The documents that the user's entries make or change, by vendor id."""
    taken = {_key("hosts", host): one.entry.id for one in own for host in one.given["hosts"]}
    changed: dict[str, Document] = {}
    for vendor_id, document in shipped.items():
        left = [host for host in document["hosts"] if taken.get(_key("hosts", host), vendor_id) == vendor_id]
        if len(left) < len(document["hosts"]):
            changed[vendor_id] = {**document, "hosts": left}
    for one in own:
        beneath = changed.get(one.entry.id) or shipped.get(one.entry.id)
        changed[one.entry.id] = _merged(beneath, one.given) if beneath else document_of(one.entry)
    return changed


def _merged(beneath: Document, given: Document) -> Document:
    return {**beneath, **{key: _joined(key, value, beneath[key]) for key, value in given.items()}}


def _joined(key: str, own: Any, shipped: Any) -> Any:
    if isinstance(own, dict):
        return {**shipped, **{word: _joined(word, value, shipped.get(word)) for word, value in own.items()}}
    if not isinstance(own, list) or not isinstance(shipped, list):
        return own
    said = {_key(key, item) for item in own}
    return [*own, *(item for item in shipped if _key(key, item) not in said)]


def _key(kind: str, item: Any) -> tuple[str, ...]:
    """What makes an item of a list the same one in two files."""
    if not isinstance(item, dict):
        return (str(item),)
    return tuple(str(item[name]) for name in _IDENTITY.get(kind, sorted(item)))


def _same_ids(own: Sequence[OwnEntry]) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for one in own:
        if one.entry.id in seen:
            yield Problem(Location(str(one.path), 1), f"{one.entry.id} stands in {seen[one.entry.id]} too")
        seen[one.entry.id] = one.path


def _overlaps(own: Sequence[OwnEntry], shipped: Mapping[str, Document]) -> Iterator[Problem]:
    with_shipped = claims_of(
        (vendor_id, host["pattern"], host["match"]) for vendor_id, one in shipped.items() for host in one["hosts"]
    )
    with_own = claims_of((one.entry.id, host.pattern, host.match) for one in own for host in one.entry.hosts)
    for one in own:
        yield from overlap_problems(one.entry, with_shipped, is_own=True)
        yield from overlap_problems(one.entry, with_own)
