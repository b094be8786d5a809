"""CODEOWNERS of GitHub and GitLab.

Real shape: `pattern owner owner …` a line. GitHub: the last matching line wins. GitLab: sections
(`[Name][2] @default`, `^[Optional]`), the last match of every section counts, lines before any section always do,
`!pattern` excludes. A pattern without owner is explicitly unowned.

| column of `owner_claim` | from |
|---|---|
| `key` | the pattern |
| `scope` | the repository the file lies in |
| `ordinal` | section number × 1,000,000 + line: the last match within one section is the highest |
| `value` | one row an owner as written; empty = explicitly unowned |
| `is_person` | an e-mail address, `@name` without a group in a GitHub file, a role (`@@maintainer`) |

Doubts: in a GitLab file `@name` may be a group or a person; it is taken as a group unless a member has that name.
Sources: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
and https://docs.gitlab.com/user/project/codeowners/reference/
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.store.rows import insert_rows

SECTION_STEP = 1_000_000
CONFIDENCE = 0.80
CONFIDENCE_PERSON = 0.65
_SECTION = re.compile(r"^\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:\s+\S+)*)\s*$")
_OWNER = re.compile(r"^(?:@{1,2}[\w.-]+(?:/[\w.-]+)*|[^@\s]+@[^@\s]+\.[^@\s]+)$")
_SPACE = re.compile(r"(?<!\\)\s+")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: pattern and its owners, none for explicitly unowned."""

    line: int
    section: int
    pattern: str
    owners: tuple[str, ...]
    is_gitlab: bool
    text: str


class Codeowners:
    """Owners of paths in a repository."""

    id = "codeowners"
    title = "CODEOWNERS (GitHub, GitLab)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        lines = [line for line in map(_strip, head.lines) if line]
        # Many a log line starts like a section or a path; only an owner makes it ours.
        owned = sum(1 for line in lines if _is_statement(line) and any(map(_OWNER.match, _SPACE.split(line)[1:])))
        fit = sum(1 for line in lines if _is_statement(line))
        if not lines or fit < len(lines) * 0.9 or (owned == 0):
            return 0.0
        return 0.95 if PurePosixPath(head.name).name == "CODEOWNERS" else 0.7

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = Codeowners()


def parse(text: str) -> tuple[list[Statement], list[tuple[int, str]]]:
    """Statements in file order, and the lines that are none as (line, text)."""
    statements: list[Statement] = []
    rejected: list[tuple[int, str]] = []
    is_gitlab = any(_SECTION.match(_strip(line)) for line in text.splitlines())
    sections: dict[str, int] = {}
    section, defaults = 0, ()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _strip(raw)
        found = _SECTION.match(line) if is_gitlab else None
        if not line:
            continue
        if found:
            section = sections.setdefault(found["name"].strip().casefold(), len(sections) + 1)
            defaults = tuple(found["owners"].split())
        elif not _is_statement(line) or (line.startswith("!") and not is_gitlab):
            rejected.append((number, raw.strip()))
        else:
            pattern, *owners = _SPACE.split(line)
            said = () if pattern.startswith("!") else tuple(owners) or defaults
            statements.append(Statement(number, section, pattern.removeprefix("!"), said, is_gitlab, raw.strip()))
    return statements, rejected


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    statements, rejected = parse(read_object(item))
    rows = [row for statement in statements for row in _rows(statement, item)]
    sample = f"line {rejected[0][0]}: {rejected[0][1]}"[:200] if rejected else ""
    count = insert_rows(engine, "owner_claim", rows)
    return Normalised({"owner_claim": count}, len(rejected), sample, item.observed_at, item.observed_at)


def _rows(statement: Statement, item: LocalObject) -> Iterator[dict[str, object]]:
    for owner in statement.owners or ("",):
        is_person = _is_person(owner, statement.is_gitlab)
        yield {
            "source_id": item.source_id,
            "line": statement.line,
            "evidence": "codeowners",
            "key_kind": "repo_path",
            "key": statement.pattern,
            "scope": item.scope,
            "ordinal": statement.section * SECTION_STEP + statement.line,
            "value": owner,
            "is_person": is_person,
            "confidence": CONFIDENCE_PERSON if is_person else CONFIDENCE,
            "observed_at": item.observed_at,
            "detail": statement.text[:500],
        }


def _is_person(owner: str, is_gitlab: bool) -> bool:
    if not owner.startswith("@"):
        return "@" in owner
    return owner.startswith("@@") or ("/" not in owner and not is_gitlab)


def _strip(line: str) -> str:
    return _COMMENT.sub("", line).strip()


def _is_statement(line: str) -> bool:
    """A section header, or a path-like pattern followed by nothing but owners."""
    if _SECTION.match(line):
        return True
    pattern, *owners = _SPACE.split(line)
    return bool(re.search(r"[/*.]|^[\w-]+$", pattern)) and all(_OWNER.match(owner) for owner in owners)
