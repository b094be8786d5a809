"""detect-secrets' own baseline, made by detect-secrets, taken over by file and line."""

import json
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.model.finding import CodeLocation
from shadowscan.secrets.detect_secrets_baseline import match_places, read_places
from tests.history.factory import make_finding
from tests.secrets.generate import make_key


def at(path: str, line: int) -> CodeLocation:
    return CodeLocation("acme/api", path, line, None, "", None, False)


def test_places_when_detect_secrets_wrote_the_baseline_then_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detect_secrets import SecretsCollection
    from detect_secrets.core.baseline import format_for_output
    from detect_secrets.settings import default_settings

    monkeypatch.chdir(tmp_path)
    Path("app.py").write_text(f"\nkey = '{make_key('openai-user-key')}'\n")
    secrets = SecretsCollection()
    with default_settings():
        secrets.scan_file("app.py")
        Path("baseline.json").write_text(json.dumps(format_for_output(secrets)))
    assert read_places(Path("baseline.json")) == {("app.py", 2)}


def test_match_when_file_and_line_agree_then_only_key_findings() -> None:
    known = make_finding("a", rule_id="keys.leaked-key", locations=(at("x.py", 9), at("app.py", 2)))
    moved = make_finding("b", rule_id="keys.leaked-key", locations=(at("app.py", 3),))
    other = make_finding("c", locations=(at("app.py", 2),))
    assert match_places([known, moved, other], frozenset({("app.py", 2)})) == [known]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"results": []}'])
def test_places_when_not_a_baseline_then_refused_with_the_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"other\.json"):
        read_places(file)
