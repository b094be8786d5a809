"""policy.yaml: what this company allows. Facts about vendors are the catalogue's, who answers is owners.yaml's."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import PrivateAttr

from shadowscan.documents import Entry, Find, as_it_stands, check, read_yaml
from shadowscan.errors import ConfigError, Location
from shadowscan.policy_entries import (
    Approval,
    Gateway,
    Listing,
    Residency,
    Spend,
    SuppressionEntry,
    TriageEntry,
    Vendors,
)
from shadowscan.policy_extends import join_gateways, narrow_residency, narrow_vendors

__all__ = ["Policy", "SuppressionEntry", "TriageEntry", "Verdict", "load_policy"]

MAXIMUM_EXTENDS = 8
NO_POLICY = "no policy given"
StatusWord = Literal["approved", "unapproved", "denied", "in_review", "expired"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says of one use: the status word, why in a few words, and how sure that is."""

    status: StatusWord
    reason: str
    confidence: Literal["high", "medium", "low"]


class Policy(Entry):
    """The whole policy, `extends` already merged in. Empty and `is_given` false where there is none."""

    organization: str = ""
    extends: str = ""
    vendors: Vendors = Vendors()
    gateways: tuple[Gateway, ...] = ()
    residency: Residency | None = None
    spend: Spend = Spend()
    inline_allow: bool = False
    suppressions: tuple[SuppressionEntry, ...] = ()
    triage: tuple[TriageEntry, ...] = ()
    _given: bool = PrivateAttr(default=False)

    @property
    def is_given(self) -> bool:
        """Whether there is a policy at all."""
        return self._given

    @property
    def digest(self) -> str:
        """Digest of what it says, not of its comments; `none` without a policy."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16] if self._given else "none"

    def gateway_vendors(self, gateway: Gateway) -> tuple[str, ...]:
        """Vendors the gateway is meant to carry, sorted: those it names, else every approved one."""
        if gateway.vendors is not None:
            return tuple(sorted(set(gateway.vendors)))
        return tuple(sorted({entry.id for entry in self.vendors.approved}))

    def approval(self, vendor_id: str, service: str, team: str, day: date, *, account: str = "unknown") -> Verdict:
        """Status of one use on the day it happened. `unknown` stands for a service, team or account not known."""
        if not self.is_given:
            return Verdict("unapproved", NO_POLICY, "high")
        if _lists(self.vendors.denied, vendor_id, service):
            return Verdict("denied", "denied by policy", "high")
        entries = [entry for entry in self.vendors.approved if entry.id == vendor_id]
        judged = [_judge(entry, service, team, day, account) for entry in entries]
        held = [verdict for verdict in judged if verdict.status != "unapproved"]
        if held:
            return min(held, key=lambda verdict: verdict.status != "approved")
        if _lists(self.vendors.in_review, vendor_id, service):
            return Verdict("in_review", "vendor in review", "high")
        if not judged:
            return Verdict("unapproved", "vendor not in policy", "high")
        return min(judged, key=lambda verdict: verdict.confidence != "low")


def load_policy(path: Path | None, vendor_ids: Collection[str], find: Find = as_it_stands) -> Policy:
    """Read policy.yaml and what it extends; raises `ConfigError` with every problem. No path: an empty policy.

    `find` gives the file to read in a path's place, None where there is none: under `--diff`, what BASE has there.
    """
    if path is None or find(path) is None:
        return Policy()
    policy = _load(path, vendor_ids, (), find)
    policy._given = True
    return policy


def _load(path: Path, vendor_ids: Collection[str], seen: tuple[Path, ...], find: Find) -> Policy:
    if path.resolve() in seen or len(seen) >= MAXIMUM_EXTENDS:
        raise ConfigError("`extends` goes round in a circle or too deep", location=Location(str(seen[-1])))
    own = check(Policy, read_yaml(path, find), {"vendor_ids": vendor_ids})
    if not own.extends:
        return own
    base_path = path.parent / own.extends
    found = find(base_path)
    if found is None or not found.is_file():
        raise ConfigError(f"extends {own.extends!r}, which does not exist", location=Location(own.file, own.line))
    return _narrow(_load(base_path, vendor_ids, (*seen, path.resolve()), find), own)


def _narrow(base: Policy, own: Policy) -> Policy:
    """The base policy with what the extending file adds and narrows; settings that are not limits are the file's."""
    said = own.model_fields_set
    merged = base.model_copy(
        update={
            "organization": own.organization or base.organization,
            "vendors": narrow_vendors(base.vendors, own.vendors),
            "gateways": join_gateways(base.gateways, own.gateways),
            "residency": narrow_residency(base.residency, own.residency),
            "spend": base.spend.model_copy(
                update={name: getattr(own.spend, name) for name in own.spend.model_fields_set}
            ),
            "inline_allow": own.inline_allow and (base.inline_allow or "inline_allow" not in base.model_fields_set),
            "suppressions": (*base.suppressions, *own.suppressions),
            "triage": (*own.triage, *base.triage),
            "extends": own.extends,
        }
    )
    if "inline_allow" not in said:
        merged = merged.model_copy(update={"inline_allow": base.inline_allow})
    merged._place = own._place
    return merged


def _lists(listings: tuple[Listing, ...], vendor_id: str, service: str) -> bool:
    return any(entry.id == vendor_id and (not entry.services or service in entry.services) for entry in listings)


def _judge(entry: Approval, service: str, team: str, day: date, account: str) -> Verdict:
    """One approval against one use, in the order services, accounts, teams, review date."""
    if entry.services and service not in entry.services:
        sure: Literal["high", "low"] = "low" if service == "unknown" else "high"
        return Verdict("unapproved", f"approved for {', '.join(entry.services)} only", sure)
    if entry.accounts and account not in ("unknown", *entry.accounts):
        return Verdict("unapproved", f"approved for accounts {', '.join(entry.accounts)} only", "high")
    if entry.teams and team == "unknown":
        return Verdict("unapproved", f"owner unknown; allowed teams: {', '.join(entry.teams)}", "low")
    if entry.teams and team.casefold() not in {name.casefold() for name in entry.teams}:
        return Verdict("unapproved", f"approved for {', '.join(entry.teams)} only", "high")
    if entry.review_due is not None and day > entry.review_due:
        return Verdict("expired", f"review was due {entry.review_due.isoformat()}", "high")
    return Verdict("approved", "approved by policy", "high")
