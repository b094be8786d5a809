"""Rank 4, 5 and 11: who owns the code that deploys a resource: its Backstage component, CODEOWNERS, who wrote it last.

The repository and folder come from Terraform's modules, or from the tags that Yor puts on what a repository makes
(`git_org`, `git_repo`, `git_file`, `git_last_modified_by`).
"""

from collections.abc import Iterator

from shadowscan.enrich.assets import Asset
from shadowscan.enrich.owner.evidence._entities import owner_of
from shadowscan.enrich.owner.evidence.codeowners import match_paths
from shadowscan.enrich.owner.facts import Claim, Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """What is said of the repository and folder of the resource itself, not of what it is attached to."""
    asset = facts.assets.get(subject.subject_id)
    if asset is None or subject.kind == "repo":
        return
    repo, path = _written_at(asset)
    if repo:
        yield from _components(facts, repo, path)
        yield from _owners(facts, repo, path)
    author = asset.tags.get("git_last_modified_by", "")
    if "@" in author:
        yield Candidate(
            11, "git_committer", f"{asset.asset_id} git_last_modified_by", author, facts.confidence.git_committer
        )


def _written_at(asset: Asset) -> tuple[str, str]:
    """(repository, path of a file in it) that makes the resource; a folder as a file that stands for all in it."""
    if asset.repo != "unknown":
        repo, _, folder = asset.repo.partition("//")
        return repo.casefold(), f"{folder}/main.tf".lstrip("/")
    organization, repo = asset.tags.get("git_org", ""), asset.tags.get("git_repo", "")
    if organization and repo:
        return f"{organization}/{repo}".casefold(), asset.tags.get("git_file", "") or "main.tf"
    return "", ""


def _components(facts: Facts, repo: str, path: str) -> Iterator[Candidate]:
    """The component whose folder is nearest above the path."""
    claims = facts.repo_claims.get(("backstage", repo), [])
    held = [claim for claim in claims if path.startswith(claim.key.removesuffix("**"))]
    longest = max((len(claim.key) for claim in held), default=0)
    for claim in held:
        if len(claim.key) == longest:
            yield Candidate(
                4, "backstage", f"{repo} {claim.key}", owner_of(facts, claim.value), facts.confidence.backstage
            )


def _owners(facts: Facts, repo: str, path: str) -> Iterator[Candidate]:
    known = facts.once(_matched)
    if (repo, path) not in known:
        known[repo, path] = match_paths(facts.repo_claims.get(("codeowners", repo), []), [path])[0]
    for claim in known[repo, path]:
        sure = facts.confidence.codeowners_person if claim.is_person else facts.confidence.codeowners
        derived = claim.is_person and "@" not in claim.value.lstrip("@")
        yield Candidate(5, "codeowners", f"{repo}//{path} {claim.key}", claim.value, sure, is_derived=derived)


def _matched(facts: Facts) -> dict[tuple[str, str], list[Claim]]:
    """(repository, path) → the statements that hold for it, filled as asked: many resources have one folder."""
    return {}
