"""From a rule's rows to findings: who, what, where, on what evidence, and the way out.

Everything but what history decides (state, baseline, triage) is filled in here.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast, get_args

from shadowscan.catalog import Catalog
from shadowscan.model.finding import (
    Cost,
    Evidence,
    Finding,
    Locator,
    RegionRef,
    Subject,
    SubjectKind,
    Suppression,
    VendorRef,
    fingerprint,
)
from shadowscan.model.rule import Rule
from shadowscan.model.severity import Confidence, Severity
from shadowscan.ruleset.background import Background, read_background
from shadowscan.ruleset.load import RulePack
from shadowscan.ruleset.message import plain_decimal, write_message
from shadowscan.ruleset.run import Match, RuleRun
from shadowscan.store.connection import Store

INLINE = "inline comment"
DEFAULT_MESSAGE = "{subject}: {title}"
_KINDS = frozenset(get_args(SubjectKind))


def assemble(store: Store, run: RuleRun, pack: RulePack, catalog: Catalog) -> list[Finding]:
    """Findings of a run in report order. `source_ids` are those of everything each finding rests on."""
    background = read_background(store, run.matches)
    names = {vendor_id: vendor.name for vendor_id, vendor in catalog.vendors.items()}
    found = [_finding(match, pack.rules[match.rule_id], background, names) for match in run.matches]
    return sorted(found, key=lambda finding: finding.sort_key)


def _finding(match: Match, rule: Rule, background: Background, names: Mapping[str, str]) -> Finding:
    facts = match.facts
    subject = _subject(facts, background)
    vendor = _vendor(facts, background, names)
    return Finding(
        fingerprint=fingerprint(rule.id, dict(match.identity)),
        rule_id=rule.id,
        rule_version=rule.version,
        type=rule.type,
        title=rule.title,
        message=_message(rule, facts, subject, vendor),
        severity=Severity(facts.get("severity") or rule.severity),
        confidence=Confidence(facts.get("confidence") or rule.confidence),
        subject=subject,
        first_seen_at=facts.get("first_seen_at"),
        last_seen_at=facts.get("last_seen_at"),
        event_count=int(facts.get("event_count") or 0),
        remediation=rule.remediation.strip(),
        suppressed=_inline(facts),
        vendor=vendor,
        region=_region(facts) or background.region(facts),
        owner=background.owner(facts),
        locations=background.locations(facts),
        bytes_out=int(facts.get("bytes_out") or 0),
        bytes_in=int(facts.get("bytes_in") or 0),
        cost=_cost(facts),
        evidence=background.evidence(facts) or _policy_evidence(facts),
        source_ids=background.source_ids(facts),
        identity=match.identity,
        fix=rule.fix,
        references=rule.references,
        tags=rule.tags,
    )


def _subject(facts: Mapping[str, Any], background: Background) -> Subject:
    subject_id = str(facts.get("subject_id") or facts.get("repo") or "unknown")
    known = background.subjects.get(subject_id)
    kind = str(facts.get("subject_kind") or "")
    kind = kind if kind in _KINDS else (known.kind if known else "")
    label = str(facts.get("subject_label") or (known.label if known else "")) or subject_id
    return Subject(
        kind=cast("SubjectKind", kind if kind in _KINDS else "workload"),
        id=subject_id,
        label=label,
        account_id=known.account_id if known else str(facts.get("account_id") or "unknown"),
        vpc_id=known.vpc_id if known else str(facts.get("vpc_id") or "unknown"),
    )


def _vendor(facts: Mapping[str, Any], background: Background, names: Mapping[str, str]) -> VendorRef | None:
    vendor_id = str(facts.get("vendor_id") or "unknown")
    if vendor_id == "unknown":
        return None
    status = str(facts.get("status") or background.status(facts) or "unapproved")
    return VendorRef(vendor_id, names.get(vendor_id, vendor_id), background.services(facts), status)


def _message(rule: Rule, facts: Mapping[str, Any], subject: Subject, vendor: VendorRef | None) -> str:
    said = {
        **facts,
        "subject": subject.label,
        "vendor": vendor.name if vendor else "an unknown vendor",
        "services": ", ".join(vendor.services) if vendor and vendor.services else "service unknown",
        "title": rule.title,
    }
    return write_message(rule.message or DEFAULT_MESSAGE, said)


def _region(facts: Mapping[str, Any]) -> RegionRef | None:
    if "region_verdict" not in facts:
        return None
    names = ("region", "region_group", "region_evidence")
    region, group, evidence = (str(facts.get(name) or "unknown") for name in names)
    return RegionRef(region, group, "R0" if evidence == "unknown" else evidence, str(facts["region_verdict"]))


def _cost(facts: Mapping[str, Any]) -> Cost | None:
    if facts.get("amount") is None:
        return None
    return Cost(Decimal(plain_decimal(facts["amount"])), str(facts.get("currency") or "unknown"))


def _inline(facts: Mapping[str, Any]) -> Suppression | None:
    """A comment beside every place of a key: shown with its words, not counted."""
    comment = str(facts.get("allow_comment") or "")
    return Suppression(comment, INLINE, None) if comment else None


def _policy_evidence(facts: Mapping[str, Any]) -> tuple[Evidence, ...]:
    file = str(facts.get("file") or "")
    if not file:
        return ()
    detail = str(facts.get("detail") or facts.get("value") or "")
    return (Evidence("policy", detail, file, Locator(file, int(facts.get("line") or 0) or None)),)
