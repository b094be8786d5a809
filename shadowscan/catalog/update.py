"""`vendors update --from`: a user's entries, checked together with what is there, into their folder.

Nothing is written before everything is known to be fine, and a second run with the same files changes nothing.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shadowscan.catalog.loader import shipped
from shadowscan.catalog.own import OwnEntry, own_files, read_own, refuse_together
from shadowscan.errors import TargetError


@dataclass(frozen=True, slots=True)
class Change:
    """What one entry did: `added`, `changed` or `unchanged`, where it stands now, and what a reader should know."""

    id: str
    action: str
    hosts: int
    file: str
    notes: str = ""


def update_own(source: Path, folder: Path) -> list[Change]:
    """Take the entry or entries at `source` into `folder`; the changes by id.

    Raises `ConfigError` with file and line for whatever is wrong in them, beside each other or with the entries there,
    `TargetError` where there is nothing to take.
    """
    given = sorted(read_own(_files(source), shipped().documents), key=lambda own: own.entry.id)
    there = {own.entry.id: own for own in read_own(own_files(folder), shipped().documents)}
    kept = [own for own in there.values() if own.entry.id not in {one.entry.id for one in given}]
    refuse_together([*kept, *given], shipped().documents)
    changes = [_change(own, there.get(own.entry.id), folder) for own in given]
    for own, change in zip(given, changes, strict=True):
        if change.action != "unchanged":
            _write(Path(change.file), own.path.read_bytes())
    return changes


def _files(source: Path) -> Sequence[Path]:
    if not source.exists():
        raise TargetError(f"{source} does not exist", hint="give a vendor file, or a folder of them")
    files = own_files(source) if source.is_dir() else [source]
    if not files:
        raise TargetError(f"{source} holds no .yaml file", hint="CONTRIBUTING.md, Add a vendor, has the shape")
    return files


def _change(own: OwnEntry, before: OwnEntry | None, folder: Path) -> Change:
    file = before.path if before else folder / f"{own.entry.id}.yaml"
    notes = "; ".join(_notes(own, before))
    if before is None:
        action = "added"
    else:
        action = "unchanged" if before.path.read_bytes() == own.path.read_bytes() else "changed"
    return Change(own.entry.id, action, len(own.entry.hosts), str(file), notes)


def _notes(own: OwnEntry, before: OwnEntry | None) -> Iterator[str]:
    if before is not None:
        yield from _differences(own, before)
    if own.entry.id in shipped().documents:
        yield f"adds to the shipped {own.entry.id}"
    listed = {(host.pattern, host.match) for host in own.entry.hosts}
    for vendor_id, document in shipped().documents.items():
        taken = [host["pattern"] for host in document["hosts"] if (host["pattern"], host["match"]) in listed]
        if taken and vendor_id != own.entry.id:
            yield f"takes {', '.join(taken)} from {vendor_id}"


def _differences(own: OwnEntry, before: OwnEntry) -> Iterator[str]:
    now, then = ({host.pattern for host in one.entry.hosts} for one in (own, before))
    if now - then:
        yield f"new hosts {', '.join(sorted(now - then))}"
    if then - now:
        yield f"no longer {', '.join(sorted(then - now))}"
    given, had = own.given, before.given
    fields = sorted(key for key in given.keys() | had.keys() if given.get(key) != had.get(key) and key != "hosts")
    if fields:
        yield f"other {', '.join(fields)}"


def _write(path: Path, data: bytes) -> None:
    """In one step, so that a run that reads the folder now sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
