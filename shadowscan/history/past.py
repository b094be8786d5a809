"""The finding tables: what earlier runs knew, and what this one adds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shadowscan.history.record import from_json, to_json, update_digest
from shadowscan.model.finding import Finding
from shadowscan.store.connection import Store
from shadowscan.store.rows import insert_rows

STATE_WORDS = {"resolved": "no longer found", "new": "first reported", "updated": "changed"}


@dataclass(frozen=True, slots=True)
class Past:
    """One finding of the history: as last reported, and the targets it rests on."""

    finding: Finding
    digest: str
    aliases: tuple[str, ...]
    targets: tuple[str, ...]
    first_run_id: str
    first_reported_at: datetime


def load_past(store: Store) -> dict[str, Past]:
    """Every finding of the history by fingerprint."""
    rows = store.query(
        """
        select fingerprint, document, digest, aliases, sources, first_run_id, first_reported_at
        from finding
        order by fingerprint
        """
    ).rows
    return {
        row[0]: Past(from_json(row[1]), row[2], tuple(json.loads(row[3])), tuple(json.loads(row[4])), row[5], row[6])
        for row in rows
    }


def save(
    store: Store,
    findings: Sequence[Finding],
    past: dict[str, Past],
    replaced: Iterable[str],
    run_id: str,
    at: datetime,
) -> None:
    """Write what this run decided: rows replaced, aliases folded in, one event for each change of state."""
    targets = _targets_by_source(store)
    gone = sorted({*replaced, *(finding.fingerprint for finding in findings)})
    rows = [_row(finding, _earliest(finding, past), targets, (run_id, at)) for finding in findings]
    events = [_event(finding, run_id, at) for finding in findings if finding.state != "unchanged"]
    with store.transaction():
        store.query("delete from finding where list_contains($gone, fingerprint)", {"gone": gone})
        insert_rows(store.engine, "finding", rows)
        insert_rows(store.engine, "finding_event", events)


def _earliest(finding: Finding, past: dict[str, Past]) -> Past | None:
    known = [past[key] for key in (finding.fingerprint, *finding.aliases) if key in past]
    return min(known, key=lambda entry: entry.first_reported_at, default=None)


def _row(finding: Finding, entry: Past | None, targets: dict[int, str], run: tuple[str, datetime]) -> dict[str, object]:
    run_id, at = run
    carried = sorted({targets[key] for key in finding.source_ids if key in targets})
    if not carried and entry is not None and finding.not_rechecked is not None:
        carried = list(entry.targets)
    return {
        "fingerprint": finding.fingerprint,
        "rule_id": finding.rule_id,
        "state": finding.state,
        "first_run_id": entry.first_run_id if entry else run_id,
        "last_run_id": run_id,
        "first_reported_at": entry.first_reported_at if entry else at,
        "resolved_at": at if finding.state == "resolved" else None,
        "aliases": json.dumps(finding.aliases),
        "identity": json.dumps(dict(finding.identity)),
        "last_seen_at": finding.last_seen_at,
        "digest": update_digest(finding),
        "sources": json.dumps(carried),
        "document": to_json(finding),
    }


def _event(finding: Finding, run_id: str, at: datetime) -> dict[str, object]:
    detail = STATE_WORDS[finding.state]
    return {"fingerprint": finding.fingerprint, "run_id": run_id, "at": at, "state": finding.state, "detail": detail}


def _targets_by_source(store: Store) -> dict[int, str]:
    return dict(store.query("select source_id, target from source_object").rows)
