"""What holds for every rule of the pack: one invariant a test, one case a rule."""

import re
from collections import Counter
from pathlib import Path

import pytest

from shadowscan.engines.portable import parse, portability_problems, transpile
from shadowscan.model.rule import Rule
from shadowscan.model.severity import Severity
from shadowscan.ruleset.lint import advice, errors
from shadowscan.ruleset.load import load_pack, read_rules, shipped_rules
from shadowscan.ruleset.message import places
from shadowscan.ruleset.mutants import mutants, survivors
from shadowscan.ruleset.requirements import FEEDS, SECTIONS
from shadowscan.ruleset.selftest import run_tests
from shadowscan.ruleset.views import readable_tables

PACK = load_pack()
PARSED, UNREADABLE = read_rules([shipped_rules()])
RULES = [pytest.param(rule, id=rule.id) for rule in PACK.rules.values()]
every_rule = pytest.mark.parametrize("rule", RULES)

# CONTRACT section 6: the ids that users script against, and their default severities.
CONTRACT = {
    "egress.unapproved-vendor": "high",
    "egress.gateway-bypass": "medium",
    "egress.first-seen-vendor": "medium",
    "egress.without-spend": "medium",
    "keys.leaked-key": "high",
    "keys.leaked-key-in-use": "critical",
    "keys.other-secret": "high",
    "residency.out-of-region": "high",
    "residency.region-unknown": "low",
    "residency.configured-out-of-region": "high",
    "gateway.homemade": "medium",
    "gateway.network-relay": "medium",
    "spend.unapproved-vendor": "medium",
    "spend.unattributed-account": "medium",
    "spend.without-traffic": "low",
    "spend.growth": "medium",
    "policy.expired-approval": "medium",
    "policy.expired-suppression": "low",
    "owners.unknown-team": "low",
    "owners.expired-entry": "low",
    "owners.conflicting-entry": "low",
    "code.direct-vendor-sdk": "medium",
    "hunt.unknown-llm-endpoint": "info",
}


@pytest.mark.parametrize(("rule_id", "severity"), CONTRACT.items())
def test_every_rule_of_the_contract_is_there_with_its_severity(rule_id: str, severity: str) -> None:
    assert PACK.rules[rule_id].severity == severity


def test_every_file_can_be_read() -> None:
    assert UNREADABLE == []


def test_the_pack_has_no_lint_errors() -> None:
    assert errors(PARSED) == []


def test_the_pack_leaves_no_advice_open() -> None:
    assert advice(PARSED) == []


def test_titles_are_unique() -> None:
    assert [title for title, count in Counter(rule.title for rule in PACK.rules.values()).items() if count > 1] == []


def test_messages_are_unique() -> None:
    assert [text for text, count in Counter(rule.message for rule in PACK.rules.values()).items() if count > 1] == []


def test_every_yaml_file_below_rules_is_one_rule() -> None:
    files = {path.relative_to(shipped_rules()).as_posix() for path in shipped_rules().rglob("*.y*ml")}

    assert files == {rule.file for rule in PACK.rules.values()}


def test_every_view_says_what_feeds_it() -> None:
    views = {name for name, table in readable_tables().items() if table.kind == "view"}

    assert set(FEEDS) == views


@every_rule
def test_the_file_stands_where_its_id_says(rule: Rule) -> None:
    assert rule.file == rule.id.replace(".", "/", 1) + ".yaml"


@every_rule
def test_identity_is_projected(rule: Rule) -> None:
    assert set(rule.identity) <= set(parse(rule.sql).columns)


@every_rule
def test_identity_does_not_change_by_itself(rule: Rule) -> None:
    assert not [name for name in rule.identity if name.endswith(("_at", "_count", "line"))]


@every_rule
def test_identity_is_not_empty_in_any_expected_row(rule: Rule) -> None:
    rows = [row for test in rule.tests for row in test.expect]

    assert all(row.get(name) for row in rows for name in rule.identity)


@every_rule
def test_subject_kind_is_projected(rule: Rule) -> None:
    assert {"subject_id", "subject_kind"} <= set(parse(rule.sql).columns)


@every_rule
def test_event_count_is_projected(rule: Rule) -> None:
    assert "event_count" in parse(rule.sql).columns


@every_rule
def test_evidence_is_named(rule: Rule) -> None:
    assert {"evidence_ref", "file"} & set(parse(rule.sql).columns)


@every_rule
def test_only_views_and_policy_tables_are_read(rule: Rule) -> None:
    assert parse(rule.sql).tables <= set(readable_tables())


@every_rule
def test_what_is_required_is_known(rule: Rule) -> None:
    assert {*rule.requires, *rule.any_of} <= {*FEEDS, *SECTIONS}


@every_rule
def test_the_sql_is_portable(rule: Rule) -> None:
    assert portability_problems(parse(rule.sql)) == ()


@every_rule
def test_the_sql_is_written_in_lower_case(rule: Rule) -> None:
    bare = re.sub(r"'[^']*'|--.*", "", rule.sql)

    assert bare == bare.lower()


@every_rule
@pytest.mark.parametrize("dialect", ["spark", "trino"])
def test_the_sql_transpiles(rule: Rule, dialect: str) -> None:
    assert transpile(rule.sql, dialect).startswith(("SELECT", "WITH"))


@every_rule
def test_parameters_are_declared_and_used(rule: Rule) -> None:
    assert parse(rule.sql).parameters == {param.name for param in rule.params}


@every_rule
def test_the_message_speaks_of_what_the_rule_knows(rule: Rule) -> None:
    assert places(rule.message) <= {*parse(rule.sql).columns, "subject", "vendor", "services"}
    assert places(rule.message)


@every_rule
def test_the_title_fits_on_a_line(rule: Rule) -> None:
    assert 10 <= len(rule.title) <= 70
    assert not rule.title.endswith(".")


@every_rule
def test_the_description_is_a_paragraph(rule: Rule) -> None:
    assert len(rule.description) >= 60
    assert rule.description.strip().endswith(".")


@every_rule
def test_the_remediation_is_a_sentence(rule: Rule) -> None:
    assert rule.remediation.strip().endswith(".")


@every_rule
def test_a_fix_names_its_steps(rule: Rule) -> None:
    assert rule.fix is not None
    assert rule.fix.steps


@every_rule
def test_false_positives_and_blind_spots_are_said(rule: Rule) -> None:
    assert rule.false_positives
    assert rule.blind_spots


@every_rule
def test_references_are_addresses(rule: Rule) -> None:
    assert rule.references
    assert all(re.match(r"https://[^\s]+$", reference) for reference in rule.references)


@every_rule
def test_tags_are_words(rule: Rule) -> None:
    assert rule.tags
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", tag) for tag in rule.tags)


@every_rule
def test_leads_are_named_hunt_and_stay_at_info(rule: Rule) -> None:
    assert (rule.type == "lead") == rule.id.startswith("hunt.")
    assert rule.type != "lead" or rule.severity is Severity.INFO


@every_rule
def test_every_kind_of_test_is_there(rule: Rule) -> None:
    kinds = Counter[str](test.kind for test in rule.tests)

    assert kinds["tp"] >= 1
    assert kinds["tn"] >= 2
    assert kinds["near_miss"] >= 1


@every_rule
def test_quiet_tests_expect_nothing(rule: Rule) -> None:
    assert [test.name for test in rule.tests if test.kind in {"tn", "near_miss"} and test.expect] == []


@every_rule
def test_the_keys_stand_in_order(rule: Rule) -> None:
    text = (shipped_rules() / rule.file).read_text("utf-8")
    keys = re.findall(r"^(\w+):", text, re.MULTILINE)

    assert keys.index("id") == 0
    assert keys[-2:] == ["sql", "tests"]


@every_rule
def test_no_line_of_prose_or_sql_is_too_long(rule: Rule) -> None:
    text = (shipped_rules() / rule.file).read_text("utf-8").split("\ntests:\n")[0]

    assert [line for line in text.splitlines() if len(line) > 120] == []


@every_rule
def test_the_rules_own_tests_pass(rule: Rule) -> None:
    results = run_tests([rule])

    assert [f"{result.test}: {result.problem}" for result in results if not result.passed] == []


@every_rule
def test_no_mutant_survives(rule: Rule) -> None:
    assert list(mutants(rule.sql)) or not re.search(r"\bwhere\b", rule.sql)
    assert survivors(rule) == []


def test_the_pack_is_found_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_pack().digest == PACK.digest
