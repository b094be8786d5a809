"""What the law and the papers say of a judged route: the provider's jurisdiction, the agreement, the safeguard.

Place of processing and jurisdiction of the provider are two axes: a US vendor pinned to Frankfurt is an EU place and a
US provider. Articles are those of Regulation (EU) 2016/679, chapters IV and V.
"""

from datetime import date, datetime
from typing import Any, cast

from shadowscan.catalog.regions import THIRD_COUNTRY
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.region_verdict import is_inside
from shadowscan.policy_entries import Dpa, Residency

_BY_TIER = {"eea": "none needed: EEA provider", "adequacy": "Art. 45 adequacy decision"}
_BY_TERMS = {
    "dpf": "Art. 45 Data Privacy Framework",
    "adequacy": "Art. 45 adequacy decision",
    "scc": "Art. 46 standard contractual clauses",
    "bcr": "Art. 46 and 47 binding corporate rules",
    "derogation": "Art. 49 derogation",
}
_NO_SAFEGUARD = "none recorded"


def terms_of(context: EnrichContext, residency: Residency, row: dict[str, Any]) -> dict[str, Any]:
    """Columns of a route that has its region group and jurisdiction: provider_verdict, transfer_tier, dpa, safeguard,
    sub_processors.
    """
    found = agreement(context, row)
    tier = context.catalog.regions.tier_of(row["jurisdiction"], _last_day(context, row))
    return {
        "provider_verdict": provider_verdict(context, residency, row["jurisdiction"]),
        "transfer_tier": tier,
        "dpa": coverage(context, found, row),
        "safeguard": safeguard(found, tier),
        "sub_processors": ", ".join(found.sub_processors) if found else "",
    }


def agreement(context: EnrichContext, row: dict[str, Any]) -> Dpa | None:
    """The vendor's agreement that was signed by the last use; None where policy records none."""
    last = _last_day(context, row)
    papers = (entry.dpa for entry in context.policy.vendors.approved if entry.id == row["vendor_id"])
    return next((one for one in papers if one and (one.signed is None or one.signed <= last)), None)


def _last_day(context: EnrichContext, row: dict[str, Any]) -> date:
    return cast("datetime", row["last_seen_at"] or context.as_of).date()


def coverage(context: EnrichContext, found: Dpa | None, row: dict[str, Any]) -> str:
    """`none`, `covers`, `outside` its regions, or `unproved` where the region of the route is not known."""
    if found is None:
        return "none"
    if not found.regions:
        return "covers"
    if row["region"] == "unknown" or row["region_group"] == "unknown":
        return "unproved"
    allowed = frozenset(found.regions)
    is_covered = is_inside(row["region"], row["region_group"], allowed, context.catalog.region_groups)
    return "covers" if is_covered else "outside"


def provider_verdict(context: EnrichContext, residency: Residency, home: str) -> str:
    """The provider's jurisdiction against `residency.jurisdictions`; `not_judged` where policy names none."""
    if not residency.jurisdictions:
        return "not_judged"
    if home == "unknown":
        return "unknown"
    allowed, country = frozenset(residency.jurisdictions), home.lower()
    groups = context.catalog.region_groups
    return "pass" if is_inside(country, context.catalog.group_of(country), allowed, groups) else "violation"


def safeguard(found: Dpa | None, tier: str) -> str:
    """The article a transfer to this provider rests on, in words. The tier of a third country gives none by itself."""
    if tier in _BY_TIER:
        return _BY_TIER[tier]
    if found is not None and found.transfer is not None:
        return _BY_TERMS[found.transfer]
    needed = "Art. 46 or 49 needed" if tier == THIRD_COUNTRY else "Art. 45 only for certified participants"
    return f"{_NO_SAFEGUARD}: {needed}" if tier != "unknown" else f"{_NO_SAFEGUARD}: jurisdiction unknown"
