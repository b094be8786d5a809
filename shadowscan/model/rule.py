"""A rule as loaded from its YAML file: metadata, SQL over the views, and its own tests."""

from dataclasses import dataclass, field
from typing import Literal

from shadowscan.model.finding import FindingType, Fix
from shadowscan.model.severity import Confidence, Severity

TestKind = Literal["tp", "tn", "near_miss", "known_gap"]
Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One example inside a rule: rows given per view, bound parameters, and the rows the rule must give."""

    name: str
    kind: TestKind
    given: dict[str, list[dict[str, Value]]]
    expect: list[dict[str, Value]]
    params: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Param:
    """A named bound parameter: where policy.yaml gives it, and the default where it does not."""

    name: str
    type: Literal["string", "integer", "decimal", "boolean"]
    policy_path: str
    default: Value


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `requires` are views or policy sections that must be there, `any_of` views of which one must.

    `message` is a sentence with `{column}` places for the facts of a match; `fix` is the way out, where one is known.
    """

    id: str
    version: str
    type: FindingType
    title: str
    severity: Severity
    confidence: Confidence
    status: str
    description: str
    remediation: str
    false_positives: tuple[str, ...]
    blind_spots: tuple[str, ...]
    references: tuple[str, ...]
    tags: tuple[str, ...]
    requires: tuple[str, ...]
    any_of: tuple[str, ...]
    params: tuple[Param, ...]
    identity: tuple[str, ...]
    sql: str
    tests: tuple[RuleTest, ...]
    file: str
    message: str = ""
    fix: Fix | None = None
