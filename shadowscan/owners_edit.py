"""Writing to owners.yaml the entry that settles whose a finding is: exact, reviewable, every other character kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path

from shadowscan.documents import Entry, check, nearest, read_yaml
from shadowscan.errors import UsageError
from shadowscan.model.finding import Finding
from shadowscan.owners import Owners, Ownership, RepoOwner, ResourceOwner, VendorAccountOwner
from shadowscan.policy_edit import put_entry


@dataclass(frozen=True, slots=True)
class Settled:
    """What was written: the list, the entry, whether it is new, and living entries that still say another team."""

    section: str
    entry: dict[str, str]
    is_new: bool
    contradicted_by: tuple[str, ...]


def settle_owner(file: Path, finding: Finding, team: str, *, by: str, reason: str) -> Settled:
    """Give what the finding is about to `team`, in place of an earlier entry for exactly that.

    Raises `UsageError` where owners.yaml declares teams and not this one, or where nothing can be owned (a vendor, an
    entry of a policy); `ConfigError` where the file is not valid. Then the file stays as it was.
    """
    owners = _read(file)
    known = owners.team_of(team) if owners.teams else team
    if known is None:
        names = [declared.name for declared in owners.teams]
        raise UsageError(f"{file} declares no team {team!r}{nearest(team, names)}", hint="add it under `teams` first")
    section, model, named = _named(finding)
    why = reason or f"settles {finding.fingerprint[:12]}"
    entry = {**named, "team": known, "approved_by": by, "reason": why}
    is_new = put_entry(file, Owners, section, model, entry)
    return Settled(section, entry, is_new, tuple(_contradicting(owners, finding, named, known)))


def _read(file: Path) -> Owners:
    return check(Owners, read_yaml(file)) if file.exists() and file.stat().st_size else Owners()


def _named(finding: Finding) -> tuple[str, type[Entry], dict[str, str]]:
    """The list that the entry belongs in, its model, and the fields that name the subject and nothing else."""
    subject = finding.subject
    if subject.kind == "account" and subject.id.startswith("account:"):
        vendor, _, account = subject.id.removeprefix("account:").partition("/")
        return "vendor_accounts", VendorAccountOwner, {"vendor": vendor, "id": account}
    if subject.kind in ("workload", "machine"):
        return "resources", ResourceOwner, {"id": escape(subject.id)}
    repo = subject.id if subject.kind == "repo" else next((place.repo for place in finding.locations), "")
    if repo:
        return "repos", RepoOwner, {"repo": repo, "path": "**"}
    raise UsageError(
        f"a {subject.kind} has no owner of its own", hint="the owners of what it is about are in `owners explain`"
    )


def _contradicting(owners: Owners, finding: Finding, named: dict[str, str], team: str) -> Iterator[str]:
    """Entries of the same rank for the same thing, such as a pattern, that keep it a conflict."""
    listed: tuple[tuple[str, Ownership], ...] = (
        *((entry.id, entry) for entry in owners.resources if fnmatchcase(finding.subject.id, entry.id)),
    )
    for name, entry in listed:
        if name != named.get("id") and (owners.team_of(entry.team) or entry.team) != team:
            yield f"line {entry.line} gives {name} to {entry.team or 'shared'}"
