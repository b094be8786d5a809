"""What earlier scans of a repository gave, under the same rules: content is known by its id, so it is read once.

Clean objects are ids only; objects that hold something come with what was found in them, as do the files of HEAD and
those of the working tree.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shadowscan.git.scan import KeyHit, ObjectScan
from shadowscan.git.signal import Signal
from shadowscan.store.connection import Store

OBJECT, FILES, STATE, LYING = "object", "files", "state", "lying"
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of one repository. `told` is JSON by (kind, name); `files` is filled when first asked for."""

    store: Store
    repo: str
    ruleset: str
    clean: frozenset[str]
    told: Mapping[tuple[str, str], str]
    files: dict[str, Content] = field(default_factory=dict)

    def knows(self, object_id: str) -> bool:
        """Whether the object was read before."""
        return object_id in self.clean or (OBJECT, object_id) in self.told

    def recall_objects(self, scan: ObjectScan, kinds: Mapping[str, str]) -> None:
        """Add what is known of the objects that are still there."""
        for (kind, id), text in self.told.items():
            if kind == OBJECT and id in kinds:
                content = json.loads(text)
                scan.add(id, kinds[id], [KeyHit(**words) for words in content["hits"]], content["refused"])
                scan.lfs.extend([id] if content["lfs"] else [])

    def signals(self, path: str, object_id: str) -> list[Signal] | None:
        """Signals of a file of HEAD with this content; None where it was not read yet."""
        if not self.files:
            self.files.update(json.loads(self.told.get((FILES, "HEAD"), "{}")))
        known = self.files.get(path, {})
        return [Signal(**words) for words in known["signals"]] if known.get("id") == object_id else None

    def lying(self) -> dict[str, Content]:
        """Files of the working tree as they were last looked at, by path; see `read_worktree`."""
        return dict(json.loads(self.told.get((LYING, "worktree"), "{}")))

    def state(self, digest: str) -> Content | None:
        """What the last reading said besides rows, if the repository was in this state."""
        text = self.told.get((STATE, digest))
        return None if text is None else dict(json.loads(text))


@dataclass
class Learned:
    """What one reading adds. `files` and `lying` hold every file of HEAD and of the working tree, by path, or None."""

    clean: list[str] = field(default_factory=list)
    objects: dict[str, Content] = field(default_factory=dict)
    files: dict[str, Content] | None = None
    lying: dict[str, Content] | None = None
    state: tuple[str, Content] | None = None

    def learn_objects(self, scan: ObjectScan, fresh: Collection[str]) -> None:
        """Of the objects that were read now, ids of those that hold nothing, and what the others hold."""
        lfs = frozenset(scan.lfs)
        for id in fresh:
            hits, refused = scan.hits.get(id, []), scan.refused.get(id, [])
            if hits or refused or id in lfs:
                self.objects[id] = {"hits": [asdict(hit) for hit in hits], "refused": refused, "lfs": id in lfs}
            else:
                self.clean.append(id)

    def learn_file(self, path: str, object_id: str, signals: Iterable[Signal]) -> None:
        """Signals of a file of HEAD; that it has none is worth knowing too."""
        self.files = self.files if self.files is not None else {}
        self.files[path] = {"id": object_id, "signals": [asdict(signal) for signal in signals]}


def open_memory(store: Store, repo: str, ruleset: str) -> Memory:
    """Everything known of the repository under these rules."""
    values = {"repo": repo, "ruleset": ruleset}
    clean = "select object_id from git_object where repo = $repo and ruleset = $ruleset"
    told = "select kind, name, content from git_known where repo = $repo and ruleset = $ruleset"
    return Memory(
        store=store,
        repo=repo,
        ruleset=ruleset,
        clean=frozenset(row[0] for row in store.query(clean, values).rows),
        told={(kind, name): content for kind, name, content in store.query(told, values).rows},
    )


def remember(memory: Memory, learned: Learned) -> None:
    """Write what was learned; call inside the transaction that holds the repository's rows."""
    values = {"repo": memory.repo, "ruleset": memory.ruleset}
    for table in ("git_object", "git_known"):
        sql = f"delete from {table} where repo = $repo and ruleset <> $ruleset"  # noqa: S608 - one of ours
        memory.store.query(sql, values)
    clean: dict[str, object] = {"ids": sorted(set(learned.clean) - memory.clean)}
    memory.store.query("insert into git_object select $repo, unnest($ids), $ruleset", values | clean)
    _insert(memory, OBJECT, {id: _text(content) for id, content in learned.objects.items()})
    if learned.files is not None:
        _replace(memory, FILES, "HEAD", _text(learned.files))
    if learned.lying is not None:
        _replace(memory, LYING, "worktree", _text(learned.lying))
    if learned.state is not None:
        _replace(memory, STATE, learned.state[0], _text(learned.state[1]))


def _replace(memory: Memory, kind: str, name: str, text: str) -> None:
    """The one row of this kind; nothing where it says the same."""
    if memory.told.get((kind, name)) == text:
        return
    memory.store.query("delete from git_known where repo = $repo and kind = $kind", {"repo": memory.repo, "kind": kind})
    _insert(memory, kind, {name: text})


def _insert(memory: Memory, kind: str, rows: Mapping[str, str]) -> None:
    names: Sequence[str] = sorted(rows)
    values: dict[str, object] = {"repo": memory.repo, "kind": kind, "names": names, "ruleset": memory.ruleset}
    sql = "insert into git_known select $repo, $kind, unnest($names), $ruleset, unnest($texts)"
    memory.store.query(sql, values | {"texts": [rows[name] for name in names]})


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
