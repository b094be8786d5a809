"""Baselines round-trip, match on any alias, and refuse what is not one."""

import json
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.history.baseline import apply_baseline, read_baseline, write_baseline
from tests.history.factory import make_finding


def test_write_baseline_when_read_back_then_same_fingerprints(tmp_path: Path) -> None:
    findings = [make_finding("b"), make_finding("a")]
    file = tmp_path / "baseline.json"
    file.write_text(write_baseline(findings))
    assert read_baseline(file) == {finding.fingerprint for finding in findings}
    assert write_baseline(reversed(findings)) == file.read_text()


def test_apply_baseline_when_it_knows_an_alias_then_baselined() -> None:
    old, new = make_finding("weak"), make_finding("strong")
    aliased = make_finding("strong", aliases=(old.fingerprint,))
    assert [f.baselined for f in apply_baseline([new, aliased], frozenset({old.fingerprint}))] == [False, True]


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "other"}', json.dumps({"schema": "shadowscan.baseline/1"})])
def test_read_baseline_when_not_one_then_refused_with_the_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"baseline\.json"):
        read_baseline(file)
