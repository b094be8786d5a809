"""Rank 5: CODEOWNERS, for the paths of the repository that gave a signal; a person alone is less."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from shadowscan.enrich.owner.facts import Claim, Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

if TYPE_CHECKING:
    import pyarrow

SECTION_STEP = 1_000_000  # as the format writes `ordinal`: section × step + line
MAXIMUM_PATHS = 2_000
MAXIMUM_ALTERNATIVES = 64
_SPACE = "/" * 20  # how the package writes a blank of a path
_BRACKET = re.compile(r"\\.|[\[\]]")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The owner of most signal paths, the rule that says so as key. Unowned on purpose is shown and gives no team."""
    claims = facts.repo_claims.get(("codeowners", subject.subject_id.casefold()), [])
    if subject.kind != "repo" or not claims:
        return
    paths = facts.paths.get(subject.subject_id, [])[:MAXIMUM_PATHS] or ["README.md"]
    said: Counter[tuple[str, str, bool]] = Counter()
    for held in match_paths(claims, paths):
        said.update({(claim.key, claim.value, claim.is_person) for claim in held})
    for (pattern, value, is_person), _ in said.most_common(1):
        sure = facts.confidence.codeowners_person if is_person else facts.confidence.codeowners
        yield Candidate(5, "codeowners", pattern, value, sure, is_derived=is_person and "@" not in value.lstrip("@"))


def match_paths(claims: Sequence[Claim], paths: Sequence[str]) -> list[list[Claim]]:
    """For each path the statements that hold: the last that matches, of every section that does not exclude it."""
    import pyarrow as pa

    written = pa.array([path.replace(" ", _SPACE) for path in paths], pa.string())
    last: list[dict[int, list[Claim]]] = [{} for _ in paths]
    excluded: list[set[int]] = [set() for _ in paths]
    for claim in claims:
        section = claim.ordinal // SECTION_STEP
        for place, holds in enumerate(_hold(claim.key.removeprefix("!"), written)):
            if holds and claim.key.startswith("!"):
                excluded[place].add(section)
            elif holds:
                known = last[place].get(section, [])
                same_line = bool(known) and known[0].ordinal == claim.ordinal
                last[place][section] = [*known, claim] if same_line else [claim]
    return [
        [claim for section in sorted(held) if section not in out for claim in held[section]]
        for held, out in zip(last, excluded, strict=True)
    ]


def _hold(pattern: str, written: "pyarrow.StringArray") -> list[bool]:
    """Whether the pattern holds for each path, in time that grows with the path and not with what a pattern repeats."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        held = [pc.match_substring_regex(written, regex).to_pylist() for regex in _regexes(pattern)]
    except pa.ArrowInvalid:  # absurdly long once written out
        return [False] * len(written)
    return [any(answers) for answers in zip(*held, strict=True)] if held else [False] * len(written)


@cache
def _regexes(pattern: str) -> tuple[str, ...]:
    """The package `codeowners` for one pattern, which is given none of what it fails on.

    `[` is escaped, since GitHub takes it for a plain character; sections and exclusions never reach it; `{a,b}` is
    written out.
    """
    from codeowners import path_to_regex

    escaped = _BRACKET.sub(lambda found: found[0] if len(found[0]) == 2 else "\\" + found[0], pattern)
    masked = escaped.replace("\\ ", _SPACE)
    listed = [one for one in _alternatives(masked) if one.strip("/")]
    return tuple(path_to_regex(one).pattern.replace(r"\Z", r"\z") for one in listed)


def _alternatives(pattern: str) -> list[str]:
    """Every pattern that braces stand for, at most sixty-four; unbalanced ones are plain characters."""
    parts = _BRACES.split(pattern)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen, _ in zip(product(*choices), range(MAXIMUM_ALTERNATIVES), strict=False)]
