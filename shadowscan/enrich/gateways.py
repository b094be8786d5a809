"""View `llm_gateway`, code part: whether a deployable unit is a gateway, decided by features in one unit.

Points and classes follow a table of our own, to be calibrated on labelled repositories; the features are in `detail`.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shadowscan.enrich import evidence
from shadowscan.enrich.code import is_gateway
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.hits import Hit, insert_evidence, read_hits, reference, span
from shadowscan.store.rows import insert_rows

HOMEMADE_POINTS = 70
SHAPED_POINTS = 45
APPROVED_UPSTREAM_POINTS = -40
POINTED_KINDS = ("gateway_config", "exposes", "credential_swap", "upstream", "fan_out", "streaming")
VENDOR_KINDS = frozenset({"sdk", "endpoint", "base_url", "upstream"})
_CONCERN = re.compile(r"concern=(\w+)")


def build(context: EnrichContext) -> None:
    """Replace the rows of `llm_gateway` that come from code; network relays are left alone."""
    context.store.query("delete from llm_gateway where class <> 'network_relay'")
    evidence.drop_all(context, "gateway/")
    hosts = frozenset(host for gateway in context.policy.gateways for host in gateway.all_hosts)
    approved = frozenset(repo.lower() for gateway in context.policy.gateways for repo in gateway.repos)
    units: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in read_hits(context):
        if hit.in_head:
            units[hit.repo, hit.unit].append(hit)
    rows, behind = [], {}
    for identity, hits in units.items():
        score = score_of(hits, hosts)
        label = class_of(hits, score, is_approved=identity[0].lower() in approved)
        if label:
            rows.append(_row(context, hits, label, score))
            behind[rows[-1]["evidence_ref"]] = [hit for hit in hits if hit.kind != "environment"]
    insert_rows(context.store.engine, "llm_gateway", rows)
    insert_evidence(context, behind)


def score_of(hits: Sequence[Hit], gateway_hosts: frozenset[str] = frozenset()) -> int:
    """Points of a unit: each feature once at its best, less where the approved gateway is the only upstream."""
    points = sum(max((hit.weight for hit in hits if hit.kind == kind), default=0) for kind in POINTED_KINDS)
    if not any(hit.kind == "upstream" for hit in hits) and _vendors(hits):
        points += 20
    if len(_vendors(hits)) > 1 and not any(hit.kind == "fan_out" for hit in hits):
        points += 15
    through = any(is_gateway(hit, gateway_hosts) for hit in hits)
    return points + (APPROVED_UPSTREAM_POINTS if through and not _vendors(hits) else 0)


def class_of(hits: Sequence[Hit], score: int, *, is_approved: bool) -> str:
    """`homemade_gateway`, `gateway_shaped`, `approved_gateway`, `self_hosted_inference`, or empty for a plain unit."""
    kinds = {hit.kind for hit in hits}
    exposes, swaps, named = "exposes" in kinds, "credential_swap" in kinds, "gateway_config" in kinds
    upstream = "upstream" in kinds or bool(_vendors(hits))
    if not (exposes or named):
        return ""
    if is_approved:
        return "approved_gateway"
    if named or (score >= HOMEMADE_POINTS and exposes and upstream and swaps):
        return "homemade_gateway"
    if exposes and score >= SHAPED_POINTS and (upstream or swaps):
        return "gateway_shaped"
    return "self_hosted_inference" if exposes and not upstream else ""


def _vendors(hits: Sequence[Hit]) -> list[str]:
    """Vendors that the unit calls, sorted."""
    none = ("unknown", "gateway")
    return sorted({hit.vendor_id for hit in hits if hit.kind in VENDOR_KINDS and hit.vendor_id not in none})


def _row(context: EnrichContext, hits: Sequence[Hit], label: str, score: int) -> dict[str, Any]:
    repo, unit = hits[0].repo, hits[0].unit
    first_seen_at, last_seen_at = span(context, hits)
    vendors = _vendors(hits)
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
        "concerns": ",".join(sorted({found[1] for hit in hits if (found := _CONCERN.search(hit.detail))})),
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
