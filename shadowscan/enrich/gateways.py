"""View `llm_gateway`, code part: whether a deployable unit is a gateway, decided by features in one unit.

Points and classes follow a table of our own, to be calibrated on labelled repositories; the features are in `detail`.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shadowscan.catalog import Catalog
from shadowscan.enrich import evidence
from shadowscan.enrich.code import is_gateway
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.hits import Hit, insert_evidence, read_hits, reference, span
from shadowscan.store.rows import insert_rows

HOMEMADE_POINTS = 70
SHAPED_POINTS = 45
APPROVED_UPSTREAM_POINTS = -40
POINTED_KINDS = ("gateway_config", "exposes", "credential_swap", "upstream", "fan_out", "streaming")
SHOWN_KINDS = frozenset({*POINTED_KINDS, "sdk", "endpoint", "base_url", "resource"})
CONCERN_KINDS = ("fan_out", "credential_swap")
VENDOR_KINDS = frozenset({"sdk", "endpoint", "base_url", "upstream", "resource"})
_CONCERN = re.compile(r"concern=(\w+)")


def build(context: EnrichContext) -> None:
    """Replace the rows of `llm_gateway` that come from code; network relays are left alone."""
    context.store.query("delete from llm_gateway where class <> 'network_relay'")
    context.store.query("delete from llm_gateway_concern")
    evidence.drop_all(context, "gateway/")
    hosts = frozenset(host for gateway in context.policy.gateways for host in gateway.all_hosts)
    approved = frozenset(repo.lower() for gateway in context.policy.gateways for repo in gateway.repos)
    units: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in read_hits(context):
        if hit.in_head:
            units[hit.repo, hit.unit].append(hit)
    rows, behind, concerns = [], {}, []
    for identity, hits in units.items():
        vendors = vendors_of(hits, context.catalog)
        score = score_of(hits, vendors, hosts)
        label = class_of(hits, vendors, score, is_approved=identity[0].lower() in approved)
        if label:
            rows.append(_row(context, hits, vendors, (label, score)))
            behind[rows[-1]["evidence_ref"]] = [hit for hit in hits if hit.kind in SHOWN_KINDS]
            concerns += [_concern_row(concern, hit) for concern, hit in concerns_of(hits).items()]
    insert_rows(context.store.engine, "llm_gateway", rows)
    insert_rows(context.store.engine, "llm_gateway_concern", concerns)
    insert_evidence(context, behind)


def score_of(hits: Sequence[Hit], vendors: Sequence[str], gateway_hosts: frozenset[str] = frozenset()) -> int:
    """Points of a unit that calls these vendors: each feature once at its best, less where the approved gateway is the
    only upstream.
    """
    points = sum(max((hit.weight for hit in hits if hit.kind == kind), default=0) for kind in POINTED_KINDS)
    if not any(hit.kind == "upstream" for hit in hits) and vendors:
        points += 20
    if len(vendors) > 1 and not any(hit.kind == "fan_out" for hit in hits):
        points += 15
    if swaps_credential(hits, vendors) and not any(hit.kind == "credential_swap" for hit in hits):
        points += 25
    through = any(is_gateway(hit, gateway_hosts) for hit in hits)
    return points + (APPROVED_UPSTREAM_POINTS if through and not vendors else 0)


def class_of(hits: Sequence[Hit], vendors: Sequence[str], score: int, *, is_approved: bool) -> str:
    """`homemade_gateway`, `gateway_shaped`, `approved_gateway`, `self_hosted_inference`, or empty for a plain unit."""
    kinds = {hit.kind for hit in hits}
    exposes, named = "exposes" in kinds, "gateway_config" in kinds
    upstream = "upstream" in kinds or bool(vendors)
    if not (exposes or named):
        return ""
    if is_approved:
        return "approved_gateway"
    if named or (score >= HOMEMADE_POINTS and upstream and swaps_credential(hits, vendors)):
        return "homemade_gateway"
    if not upstream:
        return "self_hosted_inference"
    return "gateway_shaped" if score >= SHAPED_POINTS else ""


def swaps_credential(hits: Sequence[Hit], vendors: Sequence[str]) -> bool:
    """Whether the unit puts a credential of its own in the place of its clients': it sets one, or it asks for keys of
    its own and calls the vendor through an SDK, which finds its credential itself.
    """
    if any(hit.kind == "credential_swap" for hit in hits):
        return True
    has_sdk = any(hit.kind == "sdk" and hit.vendor_id in vendors for hit in hits)
    return has_sdk and "auth" in concerns_of(hits)


def concerns_of(hits: Sequence[Hit]) -> dict[str, Hit]:
    """The best place of each concern that the unit's code or configuration takes on, by name."""
    found: dict[str, Hit] = {}
    for hit in hits:
        concern = _CONCERN.search(hit.detail)
        if concern:
            found.setdefault(concern[1], hit)
    return dict(sorted(found.items()))


def vendors_of(hits: Sequence[Hit], catalog: Catalog) -> list[str]:
    """Vendors that the unit calls, sorted. What is run in the house (a model server, a gateway's SDK) is none."""
    called = {hit.vendor_id for hit in hits if hit.kind in VENDOR_KINDS} - {"unknown", "gateway"}
    return sorted(id for id in called if id not in catalog.vendors or catalog.vendors[id].category != "self_hosted")


def _concern_row(concern: str, hit: Hit) -> dict[str, Any]:
    return {
        "repo": hit.repo,
        "unit": hit.unit,
        "concern": concern,
        "path": hit.path,
        "line": hit.line,
        "commit_id": hit.commit_id,
    }


def _row(
    context: EnrichContext, hits: Sequence[Hit], vendors: Sequence[str], decided: tuple[str, int]
) -> dict[str, Any]:
    label, score = decided
    repo, unit = hits[0].repo, hits[0].unit
    first_seen_at, last_seen_at = span(context, hits)
    return {
        "subject_id": repo,
        "subject_kind": "repo",
        "subject_label": repo if unit in (".", "") else f"{repo}/{unit}",
        "account_id": "unknown",
        "vpc_id": "unknown",
        "repo": repo,
        "unit": unit,
        "class": label,
        "score": score,
        "basis": "code",
        "is_approved": label == "approved_gateway",
        "vendors": ",".join(vendors),
        "vendor_count": len(vendors),
        "client_count": 0,
        "port": 0,
        "vendor_share_percent": 0,
        "coupling_percent": 0,
        "coupling_hours": 0,
        "concerns": ",".join(concerns_of(hits)),
        "confidence": "high" if label in ("homemade_gateway", "approved_gateway") else "medium",
        "above_threshold": label == "homemade_gateway",
        "bytes_out": 0,
        "bytes_in": 0,
        "team": "unknown",
        "owner_status": "unowned",
        "first_seen_at": first_seen_at,
        "last_seen_at": last_seen_at,
        "event_count": len(hits),
        "evidence_ref": reference("gateway", repo, unit),
    }
