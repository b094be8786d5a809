"""Loading packs: what is added, what is refused, and that everything wrong is said at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.ruleset.load import load_pack

Write = Callable[..., Path]


def test_load_pack_when_a_folder_is_added_then_its_rules_run_beside_the_shipped(write_rule: Write) -> None:
    shipped = load_pack()

    pack = load_pack([write_rule()])

    assert set(pack.rules) - set(shipped.rules) == {"acme.own-rule"}
    assert pack.digest != shipped.digest


def test_load_pack_when_the_id_exists_then_it_is_refused_by_name(write_rule: Write) -> None:
    folder = write_rule("egress.unapproved-vendor")

    with pytest.raises(ConfigError, match=r"'egress\.unapproved-vendor' is used by 2 rules"):
        load_pack([folder])


def test_load_pack_when_the_title_exists_then_it_is_refused(write_rule: Write) -> None:
    folder = write_rule("acme.own-rule", ("Own rule (acme)", "LLM vendor seen for the first time"))

    with pytest.raises(ConfigError, match="title 'LLM vendor seen for the first time'"):
        load_pack([folder])


def test_load_pack_when_a_key_is_misspelt_then_line_and_nearest_word_are_named(write_rule: Write) -> None:
    folder = write_rule("acme.own-rule", ("severity: medium", "severty: medium"))

    with pytest.raises(ConfigError) as caught:
        load_pack([folder])

    assert "own-rule.yaml:5: unknown key 'severty'; did you mean 'severity'?" in str(caught.value)
    assert "severity is missing" in str(caught.value)


def test_load_pack_when_two_files_are_wrong_then_both_are_named(write_rule: Write) -> None:
    write_rule("acme.first", ("llm_egress as e", "flow as e"))
    folder = write_rule("acme.second", ("e.bytes_out", "e.octets"))

    with pytest.raises(ConfigError) as caught:
        load_pack([folder])

    assert "acme.first: reads flow, which is not a view or policy table" in str(caught.value)
    assert "acme.second:" in str(caught.value)
    assert "octets" in str(caught.value)


def test_load_pack_when_a_file_is_not_yaml_then_its_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: x\n  title: [\n")

    with pytest.raises(ConfigError, match=r"bad\.yaml:\d+: not valid YAML"):
        load_pack([tmp_path])


def test_load_pack_when_the_folder_is_missing_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_pack([tmp_path / "none"])


def test_load_pack_when_loaded_twice_then_the_digest_is_the_same() -> None:
    assert load_pack().digest == load_pack().digest
