"""View `llm_key`: every distinct key of a repository once, with the worst that is true of any of its places."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.hits import Hit, insert_evidence, read_hits, reference
from shadowscan.store.rows import insert_rows

# Kinds that can make further keys: worth the most wherever they lie.
CONTROL_KINDS = frozenset({"admin_key", "oauth_refresh", "org_token", "master_key"})
MILD = frozenset({"info", "low", "medium"})
HINT_LENGTH = 4


def build(context: EnrichContext) -> None:
    """Replace `llm_key` and its evidence from `repo_hit`."""
    context.store.query("delete from llm_key")
    evidence.drop_all(context, "key/")
    grouped: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in read_hits(context, "key"):
        grouped[hit.repo, hit.key_id].append(hit)
    billed = _billed_hints(context)
    insert_rows(context.store.engine, "llm_key", [_row(context, hits, billed) for hits in grouped.values()])
    insert_evidence(context, {reference("key", *identity): hits for identity, hits in grouped.items()})


def severity_of(kind_severity: str, key_kind: str, in_head: bool) -> str:
    """`critical` in HEAD or where it rules an organisation, `high` else; public and weak ones as rated."""
    if kind_severity in MILD:
        return kind_severity
    return "critical" if in_head or key_kind in CONTROL_KINDS else "high"


def _row(context: EnrichContext, hits: Sequence[Hit], billed: dict[str, str]) -> dict[str, Any]:
    first = hits[0]
    vendor = context.catalog.vendors.get(first.vendor_id)
    in_head = any(hit.in_head for hit in hits)
    dates = [moment for hit in hits for moment in (hit.first_seen_at, hit.last_seen_at) if moment]
    use = billed.get(first.mask[-HINT_LENGTH:], "")
    return {
        "repo": first.repo,
        "key_id": first.key_id,
        "mask": first.mask,
        "vendor_id": first.vendor_id,
        "vendor_name": vendor.name if vendor else "",
        "service": "api" if vendor else "unknown",
        "key_kind": first.service,
        "is_ai": vendor is not None or first.mask.startswith("sk-"),
        "severity": severity_of(first.severity, first.service, in_head),
        "confidence": _confidence(context, first),
        "in_head": in_head,
        "place_count": len({(hit.path, hit.line, hit.commit_id) for hit in hits}),
        "path": first.path,
        "allow_comment": first.allow_comment if all(hit.allow_comment for hit in hits) else "",
        "in_use": bool(use),
        "use_detail": use,
        "team": "unknown",
        "owner_status": "unowned",
        "status": "unapproved",
        "status_reason": "",
        "status_confidence": "high",
        "first_seen_at": min(dates, default=None),
        "last_seen_at": max(dates, default=None),
        "evidence_ref": reference("key", first.repo, first.key_id),
    }


def _confidence(context: EnrichContext, hit: Hit) -> str:
    """How sure the shape makes the vendor: low where only a word beside it does, or nothing.

    high rests on two independent rule sets or the vendor's own word, medium on one report.
    """
    vendor = context.catalog.vendors.get(hit.vendor_id)
    format_id = hit.detail.split(",", maxsplit=1)[0]
    format = next((entry for entry in vendor.key_formats if entry.id == format_id), None) if vendor else None
    if format is None or format.context:
        return "low"
    return "high" if format.confidence == "A" else "medium"


def _billed_hints(context: EnrichContext) -> dict[str, str]:
    """Last four characters of the keys that bills name in redacted form, with a sentence about it."""
    rows = context.store.query(
        """
        select distinct credential_id
        from charge
        where regexp_matches(credential_id, '(\\.\\.\\.|…|\\*\\*)[A-Za-z0-9_-]{4}$')
        order by credential_id
        """
    ).rows
    return {hint[-HINT_LENGTH:]: f"a bill names a key that ends in {hint[-HINT_LENGTH:]}" for (hint,) in rows}
