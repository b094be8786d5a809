"""Findings to and from the store's JSON column, exact in both directions."""

import hashlib
import json
from functools import cache

from pydantic import TypeAdapter

from shadowscan.model.finding import Finding


@cache
def _adapter() -> TypeAdapter[Finding]:
    return TypeAdapter(Finding)


def to_json(finding: Finding) -> str:
    """The finding as JSON, `from_json`'s inverse."""
    return _adapter().dump_json(finding).decode()


def from_json(text: str) -> Finding:
    """The finding that `to_json` wrote."""
    return _adapter().validate_json(text)


def update_digest(finding: Finding) -> str:
    """Digest of what makes a known finding `updated`: how bad, how sure, whose, where, and what policy says.

    Counts, bytes and last_seen_at grow by themselves and are left out, else everything would be updated every day.
    """
    facts = [
        finding.severity,
        finding.confidence,
        finding.owner.team,
        finding.owner.status,
        finding.vendor.status if finding.vendor else "",
        sorted(finding.vendor.services) if finding.vendor else [],
        [finding.region.region, finding.region.verdict] if finding.region else [],
        sorted([place.repo, place.path, str(place.line), str(place.in_head)] for place in finding.locations),
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:16]
