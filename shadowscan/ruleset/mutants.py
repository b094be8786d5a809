"""Rules broken on purpose: drop a condition, flip a comparison. Some test of the rule must notice each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shadowscan.engines.portable import parse
from shadowscan.model.rule import Rule
from shadowscan.ruleset.selftest import check_sql
from shadowscan.ruleset.views import empty_views

_FLIPS = {"EQ": "NEQ", "NEQ": "EQ", "GT": "LTE", "GTE": "LT", "LT": "GTE", "LTE": "GT"}
_CLAUSES = ("Where", "Having")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken copy of a rule's SQL and what was done to it."""

    change: str
    sql: str


def mutants(sql: str) -> Iterator[Mutant]:
    """Every mutant: each term of a where or having dropped, each comparison and membership flipped."""
    tree = parse(sql).tree
    for position, original in enumerate(tree.walk()):
        for can_change, change in ((_is_term, _drop), (_is_flippable, _flip)):
            if can_change(original):
                copy = tree.copy()
                change(next(islice(copy.walk(), position, None)))
                yield Mutant(f"{change.__name__[1:]} {original.sql(dialect='duckdb')}", copy.sql(dialect="duckdb"))


def survivors(rule: Rule) -> list[str]:
    """What could be done to the rule without any of its tests noticing; empty is what it should be."""
    living = list(mutants(rule.sql))
    with empty_views() as engine:
        for test in rule.tests:
            problems = check_sql(engine, rule, test, [mutant.sql for mutant in living])
            living = [mutant for mutant, problem in zip(living, list(problems), strict=True) if not problem]
    return [mutant.change for mutant in living]


def _is_term(node: Any) -> bool:
    """Whether it is one term of a conjunction under where or having."""
    parent = node.parent
    while type(parent).__name__ == "And":
        parent = parent.parent
    return type(parent).__name__ in _CLAUSES and type(node).__name__ != "And"


def _drop(node: Any) -> None:
    from sqlglot import exp

    node.replace(exp.true())


def _is_flippable(node: Any) -> bool:
    is_membership = type(node).__name__ in {"In", "Exists"}
    return type(node).__name__ in _FLIPS or (is_membership and type(node.parent).__name__ != "Not")


def _flip(node: Any) -> None:
    from sqlglot import exp

    flipped = _FLIPS.get(type(node).__name__)
    if flipped:
        node.replace(getattr(exp, flipped)(this=node.this, expression=node.expression))
    else:
        node.replace(exp.Not(this=node.copy()))
