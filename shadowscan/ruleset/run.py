"""Running rules: each on its own, so that one that fails leaves the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shadowscan.errors import ConfigError
from shadowscan.model.outcome import Evaluated, NotEvaluable, RuleFailed, RuleOutcome, RuleReport
from shadowscan.model.rule import Rule
from shadowscan.ruleset.inputs import RuleInputs
from shadowscan.ruleset.load import RulePack
from shadowscan.ruleset.requirements import missing, rows_considered
from shadowscan.store.connection import Store

__all__ = ["Match", "RuleInputs", "RuleRun", "run_rules"]


@dataclass(frozen=True, slots=True)
class Match:
    """One row of a rule: `identity` in the rule's order, `facts` by column name, identity columns included."""

    rule_id: str
    identity: tuple[tuple[str, str], ...]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What the rules gave: matches in the order of rule and identity, and one report a rule."""

    matches: list[Match]
    reports: list[RuleReport]


def run_rules(store: Store, pack: RulePack, selected: Sequence[str], inputs: RuleInputs) -> RuleRun:
    """Evaluate the selected rules over the store's views. Never raises for a rule that does not work."""
    matches: list[Match] = []
    reports: list[RuleReport] = []
    for rule_id in sorted(selected):
        rule = pack.rules[rule_id]
        found, outcome = _evaluate(store, rule, inputs)
        matches.extend(found)
        reports.append(RuleReport(rule.id, rule.version, rule.type, outcome))
    return RuleRun(matches, reports)


def _evaluate(store: Store, rule: Rule, inputs: RuleInputs) -> tuple[list[Match], RuleOutcome]:
    reason = missing(store, rule, inputs.sections)
    if reason:
        return [], NotEvaluable(reason)
    try:
        found = match(store, rule, inputs)
    except Exception as error:
        return [], RuleFailed(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}")
    return found, Evaluated(len(found), rows_considered(store, rule))


def match(store: Store, rule: Rule, inputs: RuleInputs) -> list[Match]:
    """The rule's rows, sorted by identity; raises `ConfigError` where two rows share an identity."""
    rows = store.query(rule.sql, dict(inputs.bind(rule))).dicts()
    found = [Match(rule.id, tuple((name, str(row[name])) for name in rule.identity), row) for row in rows]
    counts = Counter(entry.identity for entry in found)
    for identity, count in counts.items():
        if count > 1:
            raise ConfigError(f"{count} rows share the identity {dict(identity)}", hint="group by the identity columns")
    return sorted(found, key=lambda entry: entry.identity)
