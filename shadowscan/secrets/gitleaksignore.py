"""`.gitleaksignore`: places somebody decided not to hear of. They are shown as suppressed, never dropped."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FILE = ".gitleaksignore"
_COMMIT = re.compile(r"(?P<commit>[0-9a-f]{40}|[0-9a-f]{64}):(?P<path>.+)")


@dataclass(frozen=True, slots=True)
class Ignored:
    """One fingerprint, `commit:path:rule:line` or `path:rule:line`. The rule is gitleaks' own and names no key here."""

    commit: str
    path: str
    line: int


def read_ignored(data: bytes) -> frozenset[Ignored]:
    """The fingerprints of the file; comments, blank lines and what is no fingerprint are left out."""
    lines = data.decode("utf-8", "replace").splitlines()
    return frozenset(found for line in lines if (found := _parse(line.strip())) is not None)


def is_ignored(places: Iterable[Ignored], path: str, line: int, commits: frozenset[str]) -> bool:
    """Whether one of the fingerprints is this line of this path, in one of these commits where it names one."""
    return any((p.path, p.line) == (path, line) and (not p.commit or p.commit in commits) for p in places)


def _parse(line: str) -> Ignored | None:
    place, _, number = line.rpartition(":")
    place, _, rule = place.rpartition(":")
    if line.startswith("#") or not place or not rule or not number.isascii() or not number.isdigit():
        return None
    found = _COMMIT.fullmatch(place)
    return Ignored(found["commit"], found["path"], int(number)) if found else Ignored("", place, int(number))
