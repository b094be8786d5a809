"""Rank 5: CODEOWNERS, for the paths of the repository that gave a signal; a person alone is less."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pathspec

from shadowscan.enrich.owner.facts import Claim, Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

SECTION_STEP = 1_000_000  # as the format writes `ordinal`: section × step + line
MAXIMUM_PATHS = 2_000


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The owner of most signal paths, the rule that says so as key. Unowned on purpose is shown and gives no team."""
    claims = facts.repo_claims.get(("codeowners", subject.subject_id.casefold()), [])
    if subject.kind != "repo" or not claims:
        return
    paths = facts.paths.get(subject.subject_id, [])[:MAXIMUM_PATHS] or ["README.md"]
    said: Counter[tuple[str, str, bool]] = Counter()
    for path in paths:
        said.update({(claim.key, claim.value, claim.is_person) for claim in match(claims, path)})
    for (pattern, value, is_person), _ in said.most_common(1):
        sure = facts.confidence.codeowners_person if is_person else facts.confidence.codeowners
        yield Candidate(5, "codeowners", pattern, value, sure, is_derived=is_person and "@" not in value.lstrip("@"))


def match(claims: Sequence[Claim], path: str) -> list[Claim]:
    """The statements that hold for a path: the last that matches, of every section."""
    last: dict[int, list[Claim]] = {}
    for claim in claims:
        if not _holds(claim.key, path):
            continue
        section = claim.ordinal // SECTION_STEP
        known = last.get(section, [])
        last[section] = [*known, claim] if known and known[0].ordinal == claim.ordinal else [claim]
    return [claim for section in sorted(last) for claim in last[section]]


def _holds(pattern: str, path: str) -> bool:
    """Like gitignore, but `dir/*` is not recursive."""
    if pattern.endswith("/*") and "**" not in pattern and path.count("/") != pattern.strip("/").count("/"):
        return False
    return _matcher(pattern).match_file(path)


@cache
def _matcher(pattern: str) -> "pathspec.PathSpec[Any]":
    """`[` is a plain character in CODEOWNERS, there are no ranges."""
    escaped = pattern.replace("[", "\\[").replace("]", "\\]")
    return pathspec.PathSpec.from_lines("gitignore", [escaped])
