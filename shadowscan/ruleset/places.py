"""Places in repositories: every one of a key, and the signals behind a finding about code."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shadowscan.model.finding import CodeLocation
from shadowscan.store.connection import Store

SIGNALS_SHOWN = 50  # of code signals; every place of a key is shown


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of `repo_hit`, as far as a location needs it."""

    repo: str
    kind: str
    vendor_id: str
    key_id: str
    unit: str
    path: str
    line: int
    commit_id: str
    author: str
    committed_at: datetime | None
    in_head: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits of one repository by what is asked for, in each those still in HEAD first, then by path and line."""

    by_key: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    by_unit: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    signals: list[Hit] = field(default_factory=list)

    def add(self, hit: Hit) -> None:
        """Sort in one more."""
        self.by_key[hit.key_id].append(hit)
        if hit.kind != "key":
            self.by_unit[hit.unit].append(hit)
            self.signals.append(hit)


def read_hits(store: Store, repos: list[str]) -> dict[str, Hits]:
    """Hits of these repositories."""
    rows = store.query(
        """
        select distinct repo, kind, vendor_id, key_id, unit, path, line, commit_id, author, committed_at, in_head
        from repo_hit
        where list_contains($repos, repo)
        order by repo, in_head desc, path, line, commit_id, kind, vendor_id
        """,
        {"repos": repos},
    ).rows
    hits: dict[str, Hits] = defaultdict(Hits)
    for row in rows:
        hits[row[0]].add(Hit(*row))
    return dict(hits)


def places_of(hits: Hits, facts: Mapping[str, Any]) -> tuple[CodeLocation, ...]:
    """The places that a match speaks of, each once: of its key, else the signals of its unit and vendor."""
    key_id, unit, vendor_id = (str(facts.get(name) or "") for name in ("key_id", "unit", "vendor_id"))
    if key_id:
        return tuple(dict.fromkeys(map(_location, hits.by_key.get(key_id, ()))))
    near = hits.by_unit.get(unit, ()) if unit else hits.signals
    chosen = [hit for hit in near if vendor_id in ("", "unknown", hit.vendor_id) or hit.vendor_id == "unknown"]
    return tuple(dict.fromkeys(map(_location, chosen)))[:SIGNALS_SHOWN]


def _location(hit: Hit) -> CodeLocation:
    return CodeLocation(
        repo=hit.repo,
        path=hit.path,
        line=hit.line,
        commit=hit.commit_id or None,
        author=hit.author,
        committed_at=hit.committed_at,
        in_head=hit.in_head,
    )
