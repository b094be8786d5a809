"""Code signals as the views need them: per unit, with dates that always exist, and as evidence."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shadowscan.enrich.context import EnrichContext
from shadowscan.store.rows import insert_rows

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of `repo_hit`; `in_head` is also true for what only the working tree has."""

    source_id: int
    repo: str
    unit: str
    kind: str
    vendor_id: str
    service: str
    key_id: str
    mask: str
    severity: str
    path: str
    line: int
    commit_id: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    in_head: bool
    detail: str
    allow_comment: str
    weight: int


def read_hits(context: EnrichContext, kind: str = "") -> list[Hit]:
    """Keys (`kind="key"`) or everything else, best place first: in HEAD, then by repository, path and line."""
    rows = context.store.query(
        """
        select
          source_id, repo, unit, kind, vendor_id, service, key_id, mask, severity, path, line, commit_id, committed_at,
          last_seen_at, in_head or place = 'worktree', detail, allow_comment, weight
        from repo_hit
        where (kind = 'key') = ($kind = 'key')
        order by repo, unit, in_head desc, path, line, kind, vendor_id, commit_id, source_id
        """,
        {"kind": kind},
    ).rows
    return [Hit(*row) for row in rows]


def reference(prefix: str, *parts: str) -> str:
    """Evidence reference of a view row: stable for the same repository, unit and vendor."""
    return f"{prefix}/{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"


def span(context: EnrichContext, hits: Sequence[Hit]) -> tuple[datetime, datetime]:
    """First and last moment the hits are known of; the run's moment where nothing is committed."""
    first = [hit.first_seen_at for hit in hits if hit.first_seen_at]
    last = [moment for hit in hits if (moment := hit.last_seen_at or hit.first_seen_at)]
    return min(first, default=context.as_of), max(last, default=context.as_of)


def insert_evidence(context: EnrichContext, hits_by_ref: Mapping[str, Sequence[Hit]]) -> None:
    """A few best hits and all sources of every reference."""
    objects = {
        row[0]: row[1:]
        for row in context.store.query("select source_id, format, object, digest from source_object").rows
    }
    samples = [
        _sample(ref, ordinal, hit, objects.get(hit.source_id, ("git", hit.repo, "")))
        for ref, hits in hits_by_ref.items()
        for ordinal, hit in enumerate(_best(hits), 1)
    ]
    none: date | None = None
    sources = [
        {"evidence_ref": ref, "day": none, "source_id": source_id}
        for ref, hits in hits_by_ref.items()
        for source_id in sorted({hit.source_id for hit in hits})
    ]
    insert_rows(context.store.engine, "evidence_sample", samples)
    insert_rows(context.store.engine, "evidence_source", sources)


def _best(hits: Iterable[Hit]) -> list[Hit]:
    ordered = sorted(hits, key=lambda hit: (not hit.in_head, -hit.weight, hit.path, hit.line, hit.kind))
    return ordered[:SAMPLES]


def _sample(ref: str, ordinal: int, hit: Hit, known: Sequence[str]) -> dict[str, Any]:
    what = hit.mask if hit.kind == "key" else hit.detail
    return {
        "evidence_ref": ref,
        "day": None,
        "ordinal": ordinal,
        "kind": "repo_hit",
        "detail": f"{hit.path or 'commit message'}: {hit.kind} {what}",
        "source_id": hit.source_id,
        "source": known[0],
        "object": known[1],
        "line": hit.line,
        "record": f"{hit.repo} {hit.path}:{hit.line} {hit.commit_id[:12] or 'working tree'}",
        "digest": known[2],
    }
