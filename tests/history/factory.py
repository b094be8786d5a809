"""Findings as rules would make them, for tests of the history."""

from dataclasses import replace
from datetime import datetime

from shadowscan.model.finding import Finding, Subject, fingerprint
from shadowscan.model.severity import Confidence, Severity

RULE = "egress.unapproved-vendor"


def make_finding(subject_id: str = "a/v/10.1.2.3", **changes: object) -> Finding:
    """A network finding of `subject_id` that rests on ledger id 1."""
    identity = {"subject_id": subject_id, "vendor_id": "openai"}
    finding = Finding(
        fingerprint=fingerprint(RULE, identity),
        rule_id=RULE,
        rule_version="1.0.0",
        type="finding",
        title="Traffic to an unapproved LLM vendor",
        message="ranker sent 1 MB to OpenAI",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        subject=Subject("workload", subject_id, "ranker"),
        first_seen_at=datetime(2026, 10, 1),  # noqa: DTZ001 - the store's times are naive UTC
        last_seen_at=datetime(2026, 10, 2),  # noqa: DTZ001
        event_count=4,
        remediation="use the gateway",
        source_ids=(1,),
        identity=tuple(sorted(identity.items())),
    )
    return replace(finding, **changes)
