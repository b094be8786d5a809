"""Each lint error has an example that trips it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shadowscan.ruleset.lint import advice, errors
from shadowscan.ruleset.load import read_rules

Write = Callable[..., Path]
WRONG = [
    (("identity: [subject_id, vendor_id]", "identity: [subject_id, day]"), "identity column day is not in the"),
    (("identity: [subject_id, vendor_id]", "identity: [subject_id, first_seen_at]"), "cannot be identity"),
    (("cast(sum(e.flow_count) as bigint)", "sum(e.flow_count)"), "cast(sum(x) as bigint)"),
    (("cast(sum(e.flow_count) as bigint)", "avg(e.flow_count)"), "avg() is not in the portable subset"),
    (("as event_count", "as how_often"), "projects 'how_often', which no match has"),
    (("e.vendor_id = 'example'", "e.vendor_id = $wanted"), "$wanted is not declared"),
    (("identity: [s", "params:\n  - {name: x, type: integer, policy: a.b}\nidentity: [s"), "x must be declared once"),
    (("requires: [llm_egress]", "requires: [llm_lookup]"), "reads llm_egress but does not name it"),
    (("requires: [llm_egress]", "requires: [llm_egress, llm_spnd]"), "llm_spnd is not a view"),
    (("{vendor} in", "{vendr} in"), "{vendr} is not in the projection; did you mean 'vendor'?"),
    (("vendor_id: example, bytes_out: 10,", "vendor_id: example, bytes_ot: 10,"), "llm_egress has no bytes_ot"),
    (("  select\n    e.subject_id", "  select distinct from\n    e.subject_id"), "not readable as SQL"),
    (
        ("min(e.subject_kind) as subject_kind", "case when e.via = 'x' then 'urgent' end as severity"),
        "'urgent' is not a",
    ),
    (("llm_egress as e\n", "llm_egress as e, flow as f\n"), "reads flow, which is not a view"),
]


@pytest.mark.parametrize(("replacement", "said"), WRONG, ids=[said for _, said in WRONG])
def test_errors_when_a_rule_breaks_a_promise_then_it_is_named(
    write_rule: Write, replacement: tuple[str, str], said: str
) -> None:
    parsed, unreadable = read_rules([write_rule("acme.own-rule", replacement)])

    problems = errors(parsed)

    assert unreadable == []
    assert said in " ".join(problem.message for problem in problems)
    assert all(problem.place.line > 0 for problem in problems)


def test_errors_when_the_rule_is_the_scaffold_then_there_are_none(write_rule: Write) -> None:
    parsed, _ = read_rules([write_rule()])

    assert errors(parsed) == []
    assert advice(parsed) == []


ADVICE = [
    (("kind: near_miss", "kind: tn"), "needs 1 near_miss test(s), has 0"),
    (("kind: near_miss", "kind: tp"), "is tp but expects otherwise"),
    (("tags: [attack.t1567]\n", "tags: []\n"), "tags is empty"),
    (("type: finding", "type: lead"), "leads and only leads are named hunt.*"),
    (("id: acme.own-rule", "id: acme.other-rule"), "stands in acme/own-rule.yaml"),
    (("version: 0.1.0\ntype: finding\n", "type: finding\nversion: 0.1.0\n"), "keys must stand in the order"),
]


@pytest.mark.parametrize(("replacement", "said"), ADVICE, ids=[said for _, said in ADVICE])
def test_advice_when_a_rule_is_not_done_then_it_says_so(
    write_rule: Write, replacement: tuple[str, str], said: str
) -> None:
    parsed, _ = read_rules([write_rule("acme.own-rule", replacement)])

    assert said in " ".join(problem.message for problem in advice(parsed))
