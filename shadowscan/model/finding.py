"""A finding: what a rule matched, whose it is, and the evidence for both.

The fields are those of `findings[]` in the audit document; `reporters/` turn them into bytes, `history/` decides
`state`, `baselined`, `suppressed` and `triage`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shadowscan.model.owner import UNOWNED, Owner
from shadowscan.model.severity import Confidence, Severity

FindingType = Literal["finding", "lead"]
State = Literal["new", "unchanged", "updated", "resolved"]
SubjectKind = Literal[
    "workload", "machine", "principal", "repo", "key", "account", "gateway", "team", "vendor", "policy"
]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the finding is about. `id` is the ARN where known, else `account/vpc/address`, never an address alone."""

    kind: SubjectKind
    id: str
    label: str
    account_id: str = "unknown"
    vpc_id: str = "unknown"


@dataclass(frozen=True, slots=True)
class VendorRef:
    """The vendor concerned; `status` is what policy.yaml says of it for this subject."""

    id: str
    name: str
    services: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class RegionRef:
    """Where it ran, how strongly that is known (R0 to R5), and the verdict against the policy."""

    region: str
    group: str
    evidence: str
    verdict: str


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """A place in a repository. `commit` introduced the content there; None for working tree and unreachable objects."""

    repo: str
    path: str
    line: int
    commit: str | None
    author: str
    committed_at: datetime | None
    in_head: bool


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a piece of evidence can be found again. `line` is 1-based, None where the format has no lines."""

    object: str
    line: int | None = None
    record: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: its kind (`flow`, `dns_answer`, `charge`, …), a sentence, and where it stands."""

    kind: str
    detail: str
    source: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Fix:
    """The way out. `status` says whether a person can apply it now."""

    status: Literal["ready", "needs_key", "manual", "blocked"]
    effort: str
    steps: tuple[str, ...]
    blockers: tuple[str, ...] = ()
    patch: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is shown but not counted. `expires` is an ISO date or None."""

    reason: str
    by: str
    expires: str | None


@dataclass(frozen=True, slots=True)
class Triage:
    """What a person decided about a finding."""

    status: Literal["accepted", "disputed", "assigned"]
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Money of a finding: an exact decimal and an ISO 4217 currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding or lead, complete: reporters need nothing else."""

    fingerprint: str
    rule_id: str
    rule_version: str
    type: FindingType
    title: str
    message: str
    severity: Severity
    confidence: Confidence
    subject: Subject
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    event_count: int
    remediation: str
    aliases: tuple[str, ...] = ()
    state: State = "new"
    not_rechecked: str | None = None
    baselined: bool = False
    suppressed: Suppression | None = None
    triage: Triage | None = None
    vendor: VendorRef | None = None
    region: RegionRef | None = None
    owner: Owner = UNOWNED
    locations: tuple[CodeLocation, ...] = ()
    bytes_out: int = 0
    bytes_in: int = 0
    cost: Cost | None = None
    evidence: tuple[Evidence, ...] = ()
    source_ids: tuple[int, ...] = ()
    identity: tuple[tuple[str, str], ...] = ()  # identity columns of the rule, as hashed into the fingerprint
    fix: Fix | None = None
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it may decide the exit code: a finding, not suppressed, not in the baseline, not resolved."""
        return self.type == "finding" and self.suppressed is None and not self.baselined and self.state != "resolved"

    @property
    def sort_key(self) -> tuple[int, str, str, str]:
        """Worst first, then by rule and subject: the one order every report uses."""
        return (self.severity.rank, self.rule_id, self.subject.id, self.fingerprint)


def fingerprint(rule_id: str, identity: Mapping[str, str]) -> str:
    """Hash of the rule id and its identity columns only, 32 hex digits.

    No time, count, line, severity or wording goes in: the same problem keeps its fingerprint for life.
    """
    canonical = json.dumps([rule_id, sorted(identity.items())], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
