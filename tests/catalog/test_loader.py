"""Reading vendor files: what is refused, and where the message points."""

from pathlib import Path

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.errors import ConfigError

GOOD = "id: acme-llm\nname: Acme\ncategory: model_api\njurisdiction: DE\nverified_on: '2026-11-23'\nhosts:\n"
HOST = "- {pattern: llm.acme.example, match: exact, surface: api, service: api}\n"


def test_own_entry_when_given_then_wins(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(GOOD + HOST)

    catalog = load_catalog(tmp_path)

    assert catalog.match("llm.acme.example").vendor_id == "acme-llm"
    assert catalog.digest != load_catalog().digest


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (GOOD + HOST + "colour: red\n", 8, "colour"),
        (GOOD + "- {pattern: co.uk, match: suffix, surface: api, service: api}\n", 7, "public suffix"),
        (GOOD + "- {pattern: a.example, match: glob, surface: api, service: api}\n", 7, "match"),
        (GOOD + "- {pattern: a.example, match: exact, surface: api, service: api, why: x}\n", 7, "why"),
        (GOOD.replace("name: Acme\n", "") + HOST, 0, "name"),
        ("id: [", 0, "YAML"),
    ],
)
def test_vendor_file_when_wrong_then_refused_with_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    (tmp_path / "acme.yaml").write_text(text)

    with pytest.raises(ConfigError) as refused:
        load_catalog(tmp_path)

    assert word in refused.value.message
    assert refused.value.location is not None
    assert refused.value.location.line == line


def test_catalogue_when_loaded_then_complete() -> None:
    catalog = load_catalog()

    assert len(catalog.vendors) == 375
    assert (catalog.group_of("eu-west-2"), catalog.group_of("westus2"), catalog.group_of("eu")) == (
        "uk",
        "us",
        "eu_eea",
    )
    assert catalog.group_of("atlantis-1") == "unknown"
