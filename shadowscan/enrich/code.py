"""View `llm_code`: which vendors a deployable unit calls from code, and whether through an approved gateway."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.hits import Hit, insert_evidence, read_hits, reference, span
from shadowscan.store.rows import insert_rows

VENDOR_KINDS = frozenset({"sdk", "endpoint", "environment", "base_url", "upstream", "resource"})
NAMING_KINDS = frozenset({"base_url", "endpoint", "upstream", "resource"})
BEDROCK = "aws-bedrock"
GATEWAY = "gateway"
_HOST = re.compile(r"host=([\w.-]+)")
_PLACE = re.compile(r"region=([\w-]+)( profile)?(?: sku=(\w+))?")
_MODEL = re.compile(r"model=(\S+)")


def build(context: EnrichContext) -> None:
    """Replace `llm_code` and its evidence from `repo_hit`."""
    context.store.query("delete from llm_code")
    evidence.drop_all(context, "code/")
    gateways = frozenset(host for gateway in context.policy.gateways for host in gateway.all_hosts)
    units: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    models: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in read_hits(context):
        if hit.kind == "model":
            models[hit.repo, hit.unit].append(hit)
        # An id in Bedrock's own form is a call of Bedrock, whoever made the model.
        if hit.kind in VENDOR_KINDS or (hit.kind == "model" and hit.vendor_id == BEDROCK):
            units[hit.repo, hit.unit].append(hit)
    rows, behind = [], {}
    for identity, hits in units.items():
        for vendor_id, own in _by_vendor(hits, gateways).items():
            row = _row(context, vendor_id, own, route_of(vendor_id, hits, gateways))
            row["models"] = ",".join(_models(context, vendor_id, models[identity]))
            rows.append(row)
            behind[row["evidence_ref"]] = own
    insert_rows(context.store.engine, "llm_code", rows)
    insert_evidence(context, behind)


def route_of(vendor_id: str, hits: Sequence[Hit], gateways: frozenset[str]) -> str:
    """`gateway`, `direct`, `mixed` or `unresolved`: what the unit's base URLs and hosts say for this vendor.

    Only what HEAD still has counts, unless the whole unit is gone from it.
    """
    current = [hit for hit in hits if hit.in_head] or list(hits)
    through = any(is_gateway(hit, gateways) for hit in current)
    known = vendor_id != "unknown"
    named = known and any(hit.vendor_id == vendor_id and hit.kind in NAMING_KINDS for hit in current)
    if through:
        return "mixed" if named else "gateway"
    # Other clients of the unit have base URLs too: an open one counts where the vendor's own code is.
    paths = {hit.path for hit in current if hit.vendor_id == vendor_id}
    is_open = any(hit.kind == "base_url" and hit.vendor_id == "unknown" and hit.path in paths for hit in current)
    return "unresolved" if is_open and not named else "direct"


def is_gateway(hit: Hit, gateways: frozenset[str]) -> bool:
    """Whether the hit names an approved gateway's host: by today's policy, not by the one it was collected under."""
    found = _HOST.search(hit.detail)
    return bool(found and found[1] in gateways)


def _by_vendor(hits: Sequence[Hit], gateways: frozenset[str]) -> dict[str, list[Hit]]:
    """Hits of each vendor; base URLs without one stand alone only where no vendor is named at all."""
    grouped: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        vendor = "unknown" if hit.vendor_id == GATEWAY or is_gateway(hit, gateways) else hit.vendor_id
        grouped[vendor].append(hit)
    nameless = grouped.pop("unknown", [])
    if not grouped and nameless:
        return {"unknown": nameless}
    return dict(grouped)


def _models(context: EnrichContext, vendor_id: str, hits: Sequence[Hit]) -> list[str]:
    """Models named in the unit that this vendor serves: its own, or any where it serves those of others."""
    vendor = context.catalog.vendors.get(vendor_id)
    serves_all = vendor is None or vendor.category != "model_api"
    named = (_MODEL.search(hit.detail) for hit in hits if serves_all or hit.vendor_id == vendor_id)
    return sorted({found[1] for found in named if found})


def places_of(hits: Sequence[Hit]) -> list[str]:
    """Configured places: a region, `eu profile` of Bedrock, or a region with a deployment's SKU behind `/`."""
    found = (_PLACE.search(hit.detail) for hit in hits)
    return sorted({f"{one[1]}{one[2] or ''}{'/' + one[3] if one[3] else ''}" for one in found if one})


def _row(context: EnrichContext, vendor_id: str, hits: Sequence[Hit], via: str) -> dict[str, Any]:
    vendor = context.catalog.vendors.get(vendor_id)
    first_seen_at, last_seen_at = span(context, hits)
    places = places_of(hits)
    regions = sorted({place.split("/")[0] for place in places})
    return {
        "repo": hits[0].repo,
        "unit": hits[0].unit,
        "vendor_id": vendor_id,
        "vendor_name": vendor.name if vendor else "",
        "service": "api" if vendor else "unknown",
        "via": via,
        "signals": ",".join(sorted({hit.kind for hit in hits})),
        "signal_count": len(hits),
        "in_head": any(hit.in_head for hit in hits),
        "region": regions[0] if len(regions) == 1 else "unknown",
        "places": ",".join(places),
        "team": "unknown",
        "owner_status": "unowned",
        "status": "unapproved",
        "status_reason": "",
        "status_confidence": "high",
        "first_seen_at": first_seen_at,
        "last_seen_at": last_seen_at,
        "evidence_ref": reference("code", hits[0].repo, hits[0].unit, vendor_id),
    }
