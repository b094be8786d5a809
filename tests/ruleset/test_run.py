"""Running rules: evaluated, not evaluable, failed, and never one because of another."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shadowscan.errors import UsageError
from shadowscan.model.outcome import Evaluated, NotEvaluable, RuleFailed, RuleOutcome
from shadowscan.policy import load_policy
from shadowscan.ruleset.inputs import RuleInputs
from shadowscan.ruleset.load import RulePack, load_pack
from shadowscan.ruleset.run import RuleRun, run_rules
from shadowscan.ruleset.select import select_rules
from shadowscan.store.connection import Store

Put = Callable[..., None]
PACK = load_pack()
ALL = RuleInputs(frozenset({"policy", "policy.gateways", "policy.residency", "owners"}), {"is_given": True})
NONE = RuleInputs(frozenset(), {"is_given": False})


def outcome(run: RuleRun, rule_id: str) -> RuleOutcome:
    return next(report.outcome for report in run.reports if report.id == rule_id)


def test_run_rules_when_the_store_is_empty_then_nothing_is_evaluated_and_each_says_what_to_give(store: Store) -> None:
    run = run_rules(store, PACK, tuple(PACK.rules), NONE)

    assert run.matches == []
    assert {type(report.outcome) for report in run.reports} == {NotEvaluable}
    assert "flow logs" in str(outcome(run, "egress.unapproved-vendor"))
    assert "git repository" in str(outcome(run, "keys.leaked-key"))
    assert "billing export" in str(outcome(run, "spend.growth"))


def test_run_rules_when_flows_were_looked_at_and_hold_nothing_then_it_is_zero_findings(store: Store, put: Put) -> None:
    put("flow")

    run = run_rules(store, PACK, ["egress.unapproved-vendor"], ALL)

    assert run.reports[0].outcome == Evaluated(findings=0, rows_considered=0)


def test_run_rules_when_the_policy_has_no_gateways_or_residency_then_those_rules_say_so(store: Store, put: Put) -> None:
    put("llm_egress")
    put("llm_region", verdict="violation")
    selected = ["egress.gateway-bypass", "residency.out-of-region"]

    run = run_rules(store, PACK, selected, RuleInputs(frozenset({"policy"}), {"is_given": True}))

    assert outcome(run, "egress.gateway-bypass") == NotEvaluable("policy.yaml names no gateways")
    assert outcome(run, "residency.out-of-region") == NotEvaluable("policy.yaml says nothing of residency")


@pytest.mark.parametrize(("inputs", "severity"), [(ALL, "high"), (NONE, "medium")])
def test_run_rules_when_there_is_no_policy_then_unapproved_is_medium(
    store: Store, put: Put, inputs: RuleInputs, severity: str
) -> None:
    put("llm_egress", subject_id="w1", vendor_id="openai", surface="api", confidence="high")

    run = run_rules(store, PACK, ["egress.unapproved-vendor"], inputs)

    assert [match.facts["severity"] for match in run.matches] == [severity]
    assert run.matches[0].identity == (("subject_id", "w1"), ("vendor_id", "openai"))


def test_run_rules_when_one_rule_fails_then_the_others_run(store: Store, put: Put) -> None:
    put("llm_egress", subject_id="w1", vendor_id="openai", surface="api")
    rule = PACK.rules["egress.unapproved-vendor"]
    broken = replace(rule, id="acme.broken", sql="select 1 / 0 as x from nowhere")
    pack = RulePack({"acme.broken": broken, rule.id: rule}, "")

    run = run_rules(store, pack, tuple(pack.rules), ALL)

    assert isinstance(outcome(run, "acme.broken"), RuleFailed)
    assert outcome(run, rule.id) == Evaluated(findings=1, rows_considered=1)


def test_run_rules_when_two_rows_share_an_identity_then_the_rule_failed(store: Store, put: Put) -> None:
    put("llm_egress", subject_id="w1", vendor_id="openai", host="a")
    put("llm_egress", subject_id="w1", vendor_id="openai", host="b")
    rule = PACK.rules["egress.unapproved-vendor"]
    doubled = replace(rule, sql="select e.subject_id, e.vendor_id from llm_egress as e", params=())

    run = run_rules(store, RulePack({rule.id: doubled}, ""), [rule.id], ALL)

    assert "2 rows share the identity" in str(run.reports[0].outcome)


def test_rule_inputs_when_taken_from_a_policy_then_sections_are_those_it_gives(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("vendors: {approved: [mistral]}\nresidency: {allowed: [eu_eea]}\nspend: {growth_alert: 0.25}\n")

    inputs = RuleInputs.of(load_policy(path, {"mistral"}))

    assert {"policy", "policy.residency"} <= inputs.sections
    assert "policy.gateways" not in inputs.sections
    assert inputs.values["is_given"] is True
    assert inputs.values["spend.growth_alert"] == "0.25"


def test_select_rules_when_families_and_lists_are_mixed_then_ignored_ones_are_left_out() -> None:
    chosen = select_rules(PACK, ["keys.*,egress.gateway-bypass"], ["keys.other-secret"])

    assert chosen == ("egress.gateway-bypass", "keys.leaked-key", "keys.leaked-key-in-use")
    assert select_rules(PACK, [], []) == tuple(sorted(PACK.rules))


@pytest.mark.parametrize("selector", ["keys.leaked-keys", "nothing.*"])
def test_select_rules_when_nothing_is_named_so_then_it_is_refused(selector: str) -> None:
    with pytest.raises(UsageError, match="no rule is named"):
        select_rules(PACK, [selector], [])
