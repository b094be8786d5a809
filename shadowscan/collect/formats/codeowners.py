"""CODEOWNERS of GitHub, GitLab and Bitbucket.

Real shape: `pattern owner owner …` a line, the last matching line wins. GitLab: sections (`[Name][2] @default`,
`^[Optional]`), the last match of every section counts, lines before any section always do, `!pattern` takes paths out
of its section for good, `@@role`. Bitbucket: `@workspace/group:random(2)`; of its app Code Owners `@"Display Name"`,
`@@@Group member …` defines a group that `@@Group` names, `!pattern`, `{a,b}`, and lines of settings and checks.

| column of `owner_claim` | from |
|---|---|
| `key` | the pattern in GitHub's meaning: a relative one of GitLab gets `**/`, an exclusion keeps its `!` |
| `scope` | the repository the file lies in |
| `ordinal` | section number × 1,000,000 + line: the last match within one section is the highest |
| `value` | one row an owner, as written but for quotes and `:random(2)`; empty = explicitly unowned |
| `is_person` | an e-mail address, `@name` without a group (not in a GitLab file), `@"Name"`, a role (`@@maintainer`) |

A line that is none of these is refused alone. Which of the three it is, the file says: sections are GitLab's, groups of
its own and choices of reviewers Bitbucket's. Doubts: in a GitLab file `@name` may be a group or a person; it is taken
as a group unless a member has that name. `[` is a plain character, as GitHub and Bitbucket have it.
Sources: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners,
https://docs.gitlab.com/user/project/codeowners/reference/,
https://support.atlassian.com/bitbucket-cloud/docs/set-up-and-use-code-owners/,
https://docs.mibexsoftware.com/codeowners/
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.store.rows import insert_rows

SECTION_STEP = 1_000_000
CONFIDENCE = 0.80
CONFIDENCE_PERSON = 0.65
_SECTION = re.compile(r"^\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:\s+\S+)*)\s*$")
_OWNER = re.compile(r'^(?:@{1,2}(?:[\w.-]+(?:/[\w.-]+)*|"[^"]+")|[^@\s]+@[^@\s]+\.[^@\s]+)$')
_CHOICE = re.compile(r":(?:random|least_busy|all)(?:\(\d+\))?$")
_TOKEN = re.compile(r'(?:\\.|"[^"]*"|[^\s"\\])+')
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_GROUP = re.compile(r"^@@@[\w.-]+(?:\s|$)")
_SETTING = re.compile(r"^(?:CODEOWNERS\.\S+(?:\s|$)|(?:Overall)?Check\()")
_ROLE = re.compile(r"^@@(?:developer|maintainer|owner)s?$", re.IGNORECASE)


Dialect = Literal["github", "gitlab", "bitbucket"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: pattern and its owners, none for explicitly unowned; an exclusion takes paths out of its section."""

    line: int
    section: int
    pattern: str
    owners: tuple[str, ...]
    dialect: Dialect
    text: str
    is_exclusion: bool = False


class Codeowners:
    """Owners of paths in a repository."""

    id = "codeowners"
    title = "CODEOWNERS (GitHub, GitLab, Bitbucket)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        if b"@" not in head.data:  # no owner can be written without one
            return 0.0
        lines = [line for line in map(_strip, head.lines) if line]
        # Many a log line starts like a section or a path; only an owner makes it ours.
        owned = sum(1 for line in lines if _is_statement(line) and any(map(_is_owner, _TOKEN.findall(line)[1:])))
        fit = sum(1 for line in lines if _is_statement(line) or _is_aside(line))
        is_named = PurePosixPath(head.name).name == "CODEOWNERS"
        # Under its own name it may hold many a bad line; under another it must not look like something else.
        if owned == 0 or fit < len(lines) * (0.5 if is_named else 0.9):
            return 0.0
        return 0.95 if is_named else 0.7

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = Codeowners()


def parse(text: str) -> tuple[list[Statement], list[tuple[int, str]]]:
    """Statements in file order, and the lines that are none as (line, text)."""
    statements: list[Statement] = []
    rejected: list[tuple[int, str]] = []
    dialect = _dialect(text)
    sections: dict[str, int] = {}
    section, defaults = 0, ()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _strip(raw)
        found = _SECTION.match(line) if dialect == "gitlab" else None
        if not line or (dialect == "bitbucket" and _is_aside(line)):
            continue
        if found:
            section = sections.setdefault(found["name"].strip().casefold(), len(sections) + 1)
            defaults = tuple(found["owners"].split())
        elif not _is_statement(line) or (line.startswith("!") and dialect == "github"):
            rejected.append((number, raw.strip()))
        else:
            pattern, *owners = _TOKEN.findall(line)
            excludes = pattern.startswith("!")
            said = () if excludes else tuple(map(_plain_owner, owners)) or defaults
            pattern = pattern.removeprefix("!")
            statements.append(Statement(number, section, pattern, said, dialect, raw.strip(), excludes))
    return statements, rejected


def _dialect(text: str) -> Dialect:
    lines = [_strip(line) for line in text.splitlines()]
    if any(_SECTION.match(line) for line in lines):
        return "gitlab"
    marks = any(_is_aside(line) or '@"' in line or any(map(_CHOICE.search, line.split())) for line in lines)
    return "bitbucket" if marks else "github"


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    statements, rejected = parse(read_object(item))
    rows = [row for statement in statements for row in _rows(statement, item)]
    sample = f"line {rejected[0][0]}: {rejected[0][1]}"[:200] if rejected else ""
    count = insert_rows(engine, "owner_claim", rows)
    return Normalised({"owner_claim": count}, len(rejected), sample, item.observed_at, item.observed_at)


def _rows(statement: Statement, item: LocalObject) -> Iterator[dict[str, object]]:
    for owner in statement.owners or ("",):
        is_person = _is_person(owner, statement.dialect)
        yield {
            "source_id": item.source_id,
            "line": statement.line,
            "evidence": "codeowners",
            "key_kind": "repo_path",
            "key": _key(statement),
            "scope": item.scope,
            "ordinal": statement.section * SECTION_STEP + statement.line,
            "value": _value(owner, statement.dialect),
            "is_person": is_person,
            "confidence": CONFIDENCE_PERSON if is_person else CONFIDENCE,
            "observed_at": item.observed_at,
            "detail": statement.text[:500],
        }


def _key(statement: Statement) -> str:
    """The pattern as GitHub would write it; GitLab's relative ones hold at any depth."""
    relative = statement.dialect == "gitlab" and not statement.pattern.startswith(("/", "*"))
    return f"{'!' if statement.is_exclusion else ''}{'**/' if relative else ''}{statement.pattern}"


def _value(owner: str, dialect: Dialect) -> str:
    """The owner by name; a group of Bitbucket's app without the second @, which means a role in GitLab."""
    text = owner.replace('"', "")
    return text[1:] if dialect == "bitbucket" and text.startswith("@@") else text


def _is_person(owner: str, dialect: Dialect) -> bool:
    if not owner.startswith("@"):
        return "@" in owner
    if owner.startswith("@@"):
        return bool(_ROLE.match(owner)) if dialect != "gitlab" else True
    return "/" not in owner and dialect != "gitlab"


def _plain_owner(owner: str) -> str:
    return _CHOICE.sub("", owner)


def _is_owner(token: str) -> bool:
    return _OWNER.match(_plain_owner(token)) is not None


def _strip(line: str) -> str:
    return _COMMENT.sub("", line).strip()


def _is_aside(line: str) -> bool:
    """A group's definition, a setting or a check of Bitbucket's app: it owns nothing."""
    return bool(_GROUP.match(line) or _SETTING.match(line))


def _is_statement(line: str) -> bool:
    """A section header, or a path-like pattern followed by nothing but owners."""
    if _SECTION.match(line):
        return True
    tokens = _TOKEN.findall(line)
    if not tokens or _is_aside(line):
        return False
    return bool(re.search(r"[/*.]|^!?[\w-]+$", tokens[0])) and all(map(_is_owner, tokens[1:]))
