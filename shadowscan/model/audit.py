"""The audit: one finished document of one run. Reporters get this and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from shadowscan.model.finding import Finding
from shadowscan.model.outcome import BlindSpot, RuleReport, SourceReport
from shadowscan.model.owner import Owner
from shadowscan.model.window import Window


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the audit, so that it can be made again."""

    name: str
    version: str
    ruleset_digest: str
    catalog_version: str
    policy_digest: str


@dataclass(frozen=True, slots=True)
class Run:
    """The run's own block: the only place where a clock may show. `complete` false means exit 3."""

    id: str
    started_at: datetime
    finished_at: datetime
    window: Window
    engine: str
    complete: bool


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """One use of an LLM vendor by one subject, approved uses too."""

    subject: str
    vendor: str
    service: str
    status: str
    via: str
    owner: Owner
    region: str
    bytes_out: int
    events: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ResidencyItem:
    """One judged subject and route, passes too: looked at and fine is not the same as not looked at."""

    subject: str
    vendor: str
    route: str
    region: str
    evidence: str
    verdict: str
    why: str
    missing: str


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything one run found out, sorted. `notes` are hints for the terminal, `contacts` say how teams are reached
    (team, contact): neither is part of the JSON document."""

    tool: Tool
    run: Run
    sources: tuple[SourceReport, ...]
    rules: tuple[RuleReport, ...]
    coverage: tuple[BlindSpot, ...]
    findings: tuple[Finding, ...]
    inventory: tuple[InventoryItem, ...]
    residency: tuple[ResidencyItem, ...]
    notes: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
