"""The policy and owners files as small tables, with what is wrong with their age or sense."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from shadowscan.enrich.context import EnrichContext
from shadowscan.owners import Owners, Ownership, fold
from shadowscan.policy import Policy
from shadowscan.policy_entries import Approval, Gateway, Listing, SuppressionEntry
from shadowscan.store.rows import insert_rows

Row = dict[str, Any]
PolicyEntry = Approval | SuppressionEntry | Ownership
OwnerEntry = tuple[str, str, Ownership]  # entry id, section, entry


def build(context: EnrichContext) -> None:
    """Replace `policy_vendor`, `policy_gateway` and `policy_entry`."""
    engine, policy, owners = context.store.engine, context.policy, context.owners
    engine.query("delete from policy_vendor")
    engine.query("delete from policy_gateway")
    engine.query("delete from policy_entry")
    insert_rows(engine, "policy_vendor", _vendors(policy))
    insert_rows(engine, "policy_gateway", _gateways(policy))
    today = context.as_of.date()
    entries = [*_suppressions(policy, today), *_approvals(policy, owners, today), *_owners(owners, today)]
    insert_rows(engine, "policy_entry", entries)


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day that still counts."""
    return None if day is None else datetime.combine(day, time.max)


def _vendors(policy: Policy) -> Iterator[Row]:
    lists = (
        ("approved", policy.vendors.approved),
        ("in_review", policy.vendors.in_review),
        ("denied", policy.vendors.denied),
    )
    for status, entries in lists:
        for entry in entries:
            yield _vendor(status, entry)


def _vendor(status: str, entry: Approval | Listing) -> Row:
    approval = entry if isinstance(entry, Approval) else None
    return {
        "vendor_id": entry.id,
        "status": status,
        "services": ",".join(entry.services),
        "teams": ",".join(approval.teams) if approval else "",
        "accounts": ",".join(approval.accounts) if approval else "",
        "review_due_at": end_of(approval.review_due) if approval else None,
        "file": entry.file,
        "line": entry.line,
    }


def _gateways(policy: Policy) -> Iterator[Row]:
    for gateway in policy.gateways:
        for vendor_id in policy.gateway_vendors(gateway):
            for kind, value, vpc_id in _parts(gateway):
                yield {
                    "gateway": gateway.name,
                    "kind": kind,
                    "value": value,
                    "vpc_id": vpc_id,
                    "vendor_id": vendor_id,
                }


def _parts(gateway: Gateway) -> Iterator[tuple[str, str, str]]:
    yield from (("host", host, "unknown") for host in gateway.all_hosts)
    yield from (("cidr", address.cidr, address.vpc) for address in gateway.addresses)
    yield from (("repo", repo.casefold(), "unknown") for repo in gateway.repos)
    yield from (("credential", credential, "unknown") for credential in gateway.credentials)


def _suppressions(policy: Policy, today: date) -> Iterator[Row]:
    for entry in policy.suppressions:
        selectors = ":".join(part for part in (entry.rule, entry.path, entry.fingerprint) if part)
        yield _entry("suppression", selectors, entry.reason, entry, _age(entry.expires, today))


def _approvals(policy: Policy, owners: Owners, today: date) -> Iterator[Row]:
    for entry in policy.vendors.approved:
        name = ":".join(part for part in (entry.id, ",".join(entry.services), ",".join(entry.teams)) if part)
        yield _entry("approval", name, entry.id, entry, _age(entry.review_due, today, "review was due"))
        for team in entry.teams:
            if _is_unknown(owners, team):
                detail = f"team {team!r} is not among the teams of {owners.file}"
                yield _entry("approval", name, team, entry, ("unknown_team", detail))


def _owners(owners: Owners, today: date) -> Iterator[Row]:
    for entry_id, _, entry in owner_entries(owners):
        value = entry.team or "shared"
        yield _entry("owner", entry_id, value, entry, _age(entry.expires, today))
        if entry.team and _is_unknown(owners, entry.team):
            detail = f"team {entry.team!r} is not among the declared teams"
            yield _entry("owner", entry_id, value, entry, ("unknown_team", detail))
    yield from _conflicting(owners, today)


def _conflicting(owners: Owners, today: date) -> Iterator[Row]:
    """One row a key that living entries give to two teams."""
    by_key: dict[str, list[Ownership]] = defaultdict(list)
    for entry_id, _, entry in owner_entries(owners):
        if entry.expires is None or entry.expires >= today:
            by_key[entry_id].append(entry)
    for entry_id, entries in by_key.items():
        teams = {fold(owners.team_of(entry.team) or entry.team or "shared") for entry in entries}
        if len(teams) > 1:
            said = ", ".join(f"{entry.team or 'shared'} (line {entry.line})" for entry in entries)
            value = ", ".join(sorted(teams))
            yield _entry("owner", entry_id, value, entries[-1], ("conflicting", f"names {said}"))


def owner_entries(owners: Owners) -> Iterator[OwnerEntry]:
    """Every entry of owners.yaml with its stable id and the section it stands in."""
    yield from ((f"accounts:{key}", "accounts", entry) for key, entry in owners.accounts.items())
    for cidr in owners.cidrs:
        scope = "/".join(part for part in (cidr.account, cidr.vpc) if part != "unknown")
        yield f"cidrs:{scope + '/' if scope else ''}{cidr.cidr}", "cidrs", cidr
    yield from ((f"resources:{entry.id}", "resources", entry) for entry in owners.resources)
    for account in owners.vendor_accounts:
        yield f"vendor_accounts:{account.vendor}/{account.id}", "vendor_accounts", account
    yield from ((f"repos:{entry.repo.casefold()}:{entry.path}", "repos", entry) for entry in owners.repos)


def _is_unknown(owners: Owners, team: str) -> bool:
    return bool(owners.teams) and owners.team_of(team) is None


def _age(last_day: date | None, today: date, verb: str = "expired after") -> tuple[str, str]:
    if last_day is None or last_day >= today:
        return "none", ""
    return "expired", f"{verb} {last_day.isoformat()}"


def _entry(kind: str, entry_id: str, value: str, entry: PolicyEntry, problem: tuple[str, str]) -> Row:
    """One row; `problem` is the word and the sentence."""
    return {
        "kind": kind,
        "entry_id": entry_id,
        "value": value,
        "expires_at": end_of(entry.review_due if isinstance(entry, Approval) else entry.expires),
        "problem": problem[0],
        "detail": problem[1],
        "file": entry.file,
        "line": entry.line,
    }
