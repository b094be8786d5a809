"""What `shadowscan rules list|show|test|lint|new` does, as plain functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shadowscan.documents import Problem, nearest
from shadowscan.errors import UsageError
from shadowscan.model.rule import Rule
from shadowscan.ruleset.docs import rule_page
from shadowscan.ruleset.lint import advice, errors
from shadowscan.ruleset.load import RulePack, load_pack, read_rules, shipped_rules
from shadowscan.ruleset.scaffold import write_new_rule
from shadowscan.ruleset.select import select_rules
from shadowscan.ruleset.selftest import RuleTestResult, run_tests


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of `rules list`."""

    id: str
    version: str
    type: str
    severity: str
    title: str
    requires: tuple[str, ...]


def list_rules(pack: RulePack) -> list[RuleLine]:
    """All rules by id."""
    return [
        RuleLine(rule.id, rule.version, rule.type, rule.severity, rule.title, (*rule.requires, *rule.any_of))
        for rule in pack.rules.values()
    ]


def show_rule(pack: RulePack, rule_id: str) -> str:
    """The rule's page in Markdown; raises `UsageError` with the nearest id where there is none."""
    return rule_page(_find(pack, rule_id))


def check_rules(pack: RulePack, selectors: Sequence[str] = ()) -> list[RuleTestResult]:
    """Run the tests inside the selected rules (all without selectors)."""
    return run_tests(pack.rules[rule_id] for rule_id in select_rules(pack, selectors, ()))


def lint_rules(extra: Sequence[Path] = ()) -> list[Problem]:
    """Everything wrong with, or missing from, the shipped rules and those of `extra`, by file and line."""
    parsed, unreadable = read_rules((shipped_rules(), *extra))
    found = {*unreadable, *errors(parsed), *advice(parsed)}
    return sorted(found, key=lambda problem: (problem.place.file, problem.place.line, problem.message))


def new_rule(rule_id: str, folder: Path) -> Path:
    """Write a new rule's file below `folder`; raises `UsageError` where the id is taken or not an id."""
    if rule_id in load_pack().rules:
        raise UsageError(f"rule {rule_id} exists already", hint="choose another id")
    return write_new_rule(rule_id, folder)


def _find(pack: RulePack, rule_id: str) -> Rule:
    if rule_id not in pack.rules:
        raise UsageError(f"no rule is named {rule_id!r}{nearest(rule_id, pack.rules)}", hint="see `rules list`")
    return pack.rules[rule_id]
