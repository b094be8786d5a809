"""Rank 1: an entry of owners.yaml for exactly this subject, not expired."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import Ownership, RepoOwner


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Entries for the resource, vendor account or repository; an entry for some paths of a repository is rank 5."""
    if subject.kind == "repo":
        yield from _repos(facts, subject)
    elif subject.kind == "account":
        yield from _vendor_accounts(facts, subject)
    for entry in facts.owners.resources:
        named = (subject.subject_id, *subject.resources, *subject.addresses)
        if facts.is_live(entry) and any(fnmatchcase(name, entry.id) for name in named):
            yield _candidate(facts, entry, entry.id)


def _repos(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    for entry in facts.owners.repos:
        if not facts.is_live(entry) or entry.repo.casefold() != subject.subject_id.casefold():
            continue
        if entry.path in ("**", "*", "", "/"):
            yield _candidate(facts, entry, entry.repo)
        elif _covers_signals(facts, entry, subject.subject_id):
            yield Candidate(5, "owners_yaml", f"{entry.repo}:{entry.path}", entry.team, facts.confidence.codeowners)


def _covers_signals(facts: Facts, entry: RepoOwner, repo: str) -> bool:
    """Whether every path of the repository that gave a signal lies in the entry's paths."""
    import pathspec

    paths = facts.paths.get(repo, [])
    matcher = pathspec.PathSpec.from_lines("gitignore", [entry.path])
    return bool(paths) and all(matcher.match_file(path) for path in paths)


def _vendor_accounts(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    for entry in facts.owners.vendor_accounts:
        if facts.is_live(entry) and subject.subject_id == f"account:{entry.vendor}/{entry.id}":
            yield _candidate(facts, entry, f"{entry.vendor}/{entry.id}")


def _candidate(facts: Facts, entry: Ownership, key: str) -> Candidate:
    return Candidate(1, "owners_yaml", key, entry.team, facts.confidence.owners_yaml, is_shared=entry.shared)
