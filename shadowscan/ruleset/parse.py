"""One rule file: YAML in, `Rule` out, every problem named with its file and line."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from shadowscan.documents import Block, Entry, check, read_yaml
from shadowscan.errors import Location
from shadowscan.model.finding import FindingType, Fix
from shadowscan.model.rule import Param, Rule, RuleTest, TestKind, Value
from shadowscan.model.severity import Confidence, Severity

KEY_ORDER = [
    "id",
    "version",
    "type",
    "title",
    "severity",
    "confidence",
    "status",
    "description",
    "message",
    "remediation",
    "fix",
    "false_positives",
    "blind_spots",
    "references",
    "tags",
    "requires",
    "any_of",
    "params",
    "identity",
    "sql",
    "tests",
]
RULE_ID = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Scalar = str | None


class ParamEntry(Entry):
    """A bound parameter: `policy` is the dotted path in policy.yaml that gives it."""

    name: str
    type: Literal["string", "integer", "decimal", "boolean"]
    policy: str
    default: Scalar = None


class FixEntry(Entry):
    """The way out, as data."""

    status: Literal["ready", "needs_key", "manual", "blocked"]
    effort: Words
    steps: tuple[Words, ...] = Field(min_length=1)
    blockers: tuple[Words, ...] = ()


class TestEntry(Entry):
    """One example: rows given per view (the rest of each row is filled in), and the rows the rule must give."""

    name: Words
    kind: TestKind
    given: dict[str, list[dict[str, Scalar]]] = Field(default_factory=dict)
    params: dict[str, Scalar] = Field(default_factory=dict)
    expect: list[dict[str, Scalar]]


class RuleFile(Entry):
    """A rule file as written; field names are its keys."""

    id: str
    version: str
    type: FindingType
    title: Words
    severity: Severity
    confidence: Confidence
    status: Literal["stable", "test", "experimental", "deprecated"]
    description: Words
    message: str = ""
    remediation: Words
    fix: FixEntry | None = None
    false_positives: tuple[Words, ...] = ()
    blind_spots: tuple[Words, ...] = ()
    references: tuple[Words, ...] = ()
    tags: tuple[Words, ...] = ()
    requires: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    params: tuple[ParamEntry, ...] = ()
    identity: tuple[str, ...] = Field(min_length=1)
    sql: Words
    tests: tuple[TestEntry, ...] = ()

    @field_validator("id")
    @classmethod
    def _is_id(cls, value: str) -> str:
        if not RULE_ID.match(value):
            raise ValueError(f"{value!r} is not a rule id; write it as family.what-it-finds")
        return value

    @field_validator("version")
    @classmethod
    def _is_version(cls, value: str) -> str:
        if not re.fullmatch(r"\d+\.\d+\.\d+", value):
            raise ValueError(f"{value!r} is not a version; write it as 1.0.0")
        return value


@dataclass(frozen=True, slots=True)
class ParsedRule:
    """A rule with the mapping it was read from, which knows the line of every key."""

    rule: Rule
    block: Block

    def place(self, key: str) -> Location:
        """Where a key of the rule stands; the file's beginning where it does not."""
        found = next((name for name in self.block if name == key), None)
        return getattr(found, "place", self.block.place)


def parse_rule(path: Path, root: Path) -> ParsedRule:
    """Read one file; raises `ConfigError` naming every unknown key, missing key and bad value."""
    block = read_yaml(path)
    return ParsedRule(_rule(check(RuleFile, block), path.relative_to(root).as_posix()), block)


def _rule(entry: RuleFile, file: str) -> Rule:
    fix = entry.fix
    return Rule(
        id=str(entry.id),
        version=str(entry.version),
        type=entry.type,
        title=entry.title,
        severity=entry.severity,
        confidence=entry.confidence,
        status=entry.status,
        description=entry.description,
        message=entry.message.strip(),
        remediation=entry.remediation,
        fix=Fix(fix.status, fix.effort, fix.steps, fix.blockers) if fix else None,
        false_positives=entry.false_positives,
        blind_spots=entry.blind_spots,
        references=entry.references,
        tags=entry.tags,
        requires=tuple(map(str, entry.requires)),
        any_of=tuple(map(str, entry.any_of)),
        params=tuple(_param(param) for param in entry.params),
        identity=tuple(map(str, entry.identity)),
        sql=entry.sql,
        tests=tuple(_test(test) for test in entry.tests),
        file=file,
    )


def _param(entry: ParamEntry) -> Param:
    return Param(str(entry.name), entry.type, str(entry.policy), typed(entry.type, entry.default))


def typed(kind: str, value: Scalar) -> Value:
    """A parameter's value as its declared type; decimals stay text, exact."""
    if value is None:
        return None
    if kind == "boolean":
        return str(value).lower() == "true"
    return int(value) if kind == "integer" else str(value)


def _test(entry: TestEntry) -> RuleTest:
    return RuleTest(
        name=entry.name,
        kind=entry.kind,
        given={str(view): [_row(row) for row in rows] for view, rows in entry.given.items()},
        expect=[_row(row) for row in entry.expect],
        params=_row(entry.params),
    )


def _row(row: dict[str, Scalar]) -> dict[str, Value]:
    return {str(name): None if value is None else str(value) for name, value in row.items()}
