"""Places in repositories: every one of a key, and the signals behind a finding about code."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def read_hits(store: Store, repos: list[str]) -> dict[str, list[Hit]]:
    """Hits of these repositories: those still in HEAD first, then by path and line."""
    rows = store.query(
        """
        select distinct repo, kind, vendor_id, key_id, unit, path, line, commit_id, author, committed_at, in_head
        from repo_hit
        where list_contains($repos, repo)
        order by repo, in_head desc, path, line, commit_id, kind, vendor_id
        """,
        {"repos": repos},
    ).rows
    hits: dict[str, list[Hit]] = defaultdict(list)
    for row in rows:
        hits[row[0]].append(Hit(*row))
    return dict(hits)


def places_of(hits: Sequence[Hit], facts: Mapping[str, Any]) -> tuple[CodeLocation, ...]:
    """The places that a match speaks of, each once: of its key, else the signals of its unit and vendor."""
    key_id, unit, vendor_id = (str(facts.get(name) or "") for name in ("key_id", "unit", "vendor_id"))
    if key_id:
        chosen = [hit for hit in hits if hit.key_id == key_id]
        return tuple(dict.fromkeys(map(_location, chosen)))
    chosen = [
        hit
        for hit in hits
        if hit.kind != "key"
        and (not unit or hit.unit == unit)
        and (vendor_id in ("", "unknown", hit.vendor_id) or hit.vendor_id == "unknown")
    ]
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
