"""What `rules list|show|test|lint|new` rests on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError, UsageError
from shadowscan.ruleset import service
from shadowscan.ruleset.docs import all_pages
from shadowscan.ruleset.load import RulePack, load_pack
from shadowscan.ruleset.mutants import survivors

PACK = load_pack()


def test_list_rules_when_asked_then_one_line_a_rule_by_id() -> None:
    lines = service.list_rules(PACK)

    assert [line.id for line in lines] == sorted(PACK.rules)


def test_show_rule_when_named_then_its_page_has_its_examples() -> None:
    page = service.show_rule(PACK, "egress.gateway-bypass")

    assert page.startswith("# Approved vendor reached around the gateway")
    assert "### Close, and quiet: " in page


def test_show_rule_when_misspelt_then_the_nearest_id_is_named() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'egress\.gateway-bypass'"):
        service.show_rule(PACK, "egress.gateway-bypas")


def test_check_rules_when_a_rule_is_wrong_then_expected_and_found_are_named() -> None:
    rule = PACK.rules["keys.other-secret"]
    broken = replace(rule, sql=rule.sql.replace("not k.is_ai", "k.is_ai"))

    results = service.check_rules(RulePack({rule.id: broken}, ""))

    assert not results[0].passed
    assert "got no rows" in results[0].problem


def test_survivors_when_a_condition_has_no_test_then_it_is_named() -> None:
    rule = PACK.rules["keys.leaked-key"]
    untested = replace(rule, tests=tuple(test for test in rule.tests if test.kind == "tp"))

    assert "drop k.is_ai" in [change.lower() for change in survivors(untested)]


def test_lint_rules_when_only_the_shipped_then_nothing_to_say() -> None:
    assert service.lint_rules() == []


def test_new_rule_when_written_then_it_loads_lints_and_passes_its_tests(tmp_path: Path) -> None:
    path = service.new_rule("acme.night-traffic", tmp_path)

    pack = load_pack([tmp_path])

    assert path == tmp_path / "acme" / "night-traffic.yaml"
    assert service.lint_rules([tmp_path]) == []
    assert all(result.passed for result in service.check_rules(pack, ["acme.*"]))


def test_new_rule_when_the_id_is_taken_or_not_an_id_then_it_is_refused(tmp_path: Path) -> None:
    for rule_id in ("egress.gateway-bypass", "Not An Id", "../../etc"):
        with pytest.raises(UsageError):
            service.new_rule(rule_id, tmp_path)


def test_new_rule_when_the_file_exists_then_it_is_left_alone(write_rule: Callable[..., Path]) -> None:
    folder = write_rule("acme.own-rule")

    with pytest.raises(ConfigError, match="exists already"):
        service.new_rule("acme.own-rule", folder)


def test_all_pages_when_made_then_the_index_links_every_rule() -> None:
    pages = all_pages(PACK)

    assert set(pages) == {"index.md", *(f"{rule_id}.md" for rule_id in PACK.rules)}
    assert all(f"({name})" in pages["index.md"] for name in pages if name != "index.md")
