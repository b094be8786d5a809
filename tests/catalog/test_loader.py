"""Reading vendor files: what is refused, and where the message points."""

from pathlib import Path

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.catalog.build import build_vendor, document_of
from shadowscan.catalog.compiled import read_compiled, write_compiled
from shadowscan.catalog.loader import shipped_documents, shipped_files
from shadowscan.catalog.read import read_entry
from shadowscan.errors import ConfigError

GOOD = "id: acme-llm\nname: Acme\ncategory: model_api\njurisdiction: DE\nverified_on: 2026-11-23\n"
HOST = "- {pattern: llm.acme.example, match: exact, surface: api, service: api}\n"
FULL = (
    GOOD
    + "sources: {docs: {kind: vendor_docs, url: 'https://acme.example/docs', seen_on: 2026-11-23}}\nhosts:\n"
    + HOST
)


def test_own_entry_when_given_then_wins(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(FULL)

    catalog = load_catalog(tmp_path)

    assert catalog.match("llm.acme.example").vendor_id == "acme-llm"
    assert catalog.digest != load_catalog().digest


def test_own_entry_when_minimal_then_taken(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text("id: acme\nname: Acme\ncategory: chat\nhosts: [chat.acme.example]\n")

    found = load_catalog(tmp_path).match("chat.acme.example")

    assert (found.vendor_id, found.surface, found.jurisdiction, found.confidence) == ("acme", "api", "unknown", "high")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (FULL + "colour: red\n", 9, "unknown key 'colour'"),
        (FULL.replace("kind: vendor_docs", "kind: vendor_doc"), 6, "sources.docs.kind"),
        (FULL.replace("seen_on", "seen"), 6, "unknown key 'seen'"),
        (FULL.replace("category: model_api", "category: models"), 3, "category"),
        (FULL.replace("id: acme-llm", "id: Acme LLM"), 1, "id"),
        (FULL + "- {pattern: a.example, match: glob}\n", 9, "match"),
        (FULL + "- {pattern: a.example, surface: ui}\n", 9, "surface"),
        (FULL + "- {pattern: a.example, why: x}\n", 9, "unknown key 'why'"),
        (FULL + "- {pattern: a.example, sources: [doc]}\n", 9, "unknown source 'doc'; did you mean 'docs'?"),
        (FULL + "- {pattern: 'https://a.example/v1'}\n", 9, "no host name"),
        (FULL + "- {pattern: '*.a.example'}\n", 9, "no host name"),
        (FULL + "- {pattern: 'x.{zone}.a.example', match: template}\n", 9, "unknown field {zone}"),
        (FULL + "- {pattern: 'x.{region}.a.example'}\n", 9, "template"),
        (FULL + HOST, 8, "stands twice"),
        (FULL + "services: {app: Acme app}\n", 8, "unknown service 'api'"),
        (FULL + "ranges: [{cidr: 10.0.0.0/8, use: mine, published_on: 2026-01-01}]\n", 9, "use"),
        (FULL + "ranges: [{cidr: 10.0.0.1/8, use: shared, published_on: 2026-01-01}]\n", 9, "host bits"),
        (FULL + "region_rules: [{id: a, gives: none, strength: Z}]\n", 9, "strength"),
        (FULL + "region_rules: [{id: a, gives: none, strength: C}]\n", 9, "neither pattern nor conditions"),
        (FULL + "region_rules: [{id: a, gives: x, strength: C, pattern: '^a$', hint: x}]\n", 9, "unknown key 'hint'"),
        (FULL + "region_rules: [{id: a, gives: x, strength: C, pattern: '^(a$'}]\n", 9, "regular expression"),
        (FULL + "key_formats: [{id: k, anchor: a, pattern: b, kind: c, entropy: 3}]\n", 9, "unknown key 'entropy'"),
        (FULL + "billing: [{kind: word, pattern: A, product_kind: api}]\n", 9, "billing[0].kind"),
        (FULL + "packages: {pip: [acme]}\n", 9, "unknown key 'pip'"),
        (FULL + "examples: {match: [{value: llm.acme.example, host: x}]}\n", 9, "unknown key 'host'"),
        (FULL + "ports: [0]\n", 9, "ports[0]"),
        (FULL.replace("name: Acme\n", ""), 1, "name is missing"),
        (FULL.replace("name: Acme\n", "name: Acme\nname: Acme\n"), 3, "duplicate key"),
        ("id: [", 1, "YAML"),
        ("- id\n", 1, "mapping"),
    ],
)
def test_vendor_file_when_wrong_then_refused_with_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    (tmp_path / "acme.yaml").write_text(text)

    with pytest.raises(ConfigError) as refused:
        load_catalog(tmp_path)

    assert word in refused.value.message
    assert refused.value.location is not None
    assert refused.value.location.line == line


@pytest.mark.parametrize("pattern", ["co.uk", "github.io", "amazonaws.com", "vercel.app", "googleapis.com", "kobe.jp"])
def test_suffix_when_public_then_refused_with_its_line(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "acme.yaml").write_text(FULL + f"- {{pattern: {pattern}, match: suffix, surface: web, service: app}}\n")

    with pytest.raises(ConfigError, match=f"acme.yaml:9: {pattern} is a public suffix"):
        load_catalog(tmp_path)


def test_suffix_when_filled_by_the_vendors_own_users_then_inventory_only(tmp_path: Path) -> None:
    line = "- {pattern: wixsite.com, match: suffix, surface: SURFACE, service: apps, own_suffix: true}\n"

    (tmp_path / "a.yaml").write_text(FULL + line.replace("SURFACE", "shared"))
    assert load_catalog(tmp_path).match("shop.wixsite.com").surface == "shared"

    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.yaml").write_text(FULL + line.replace("SURFACE", "api"))
    with pytest.raises(ConfigError, match=r"a.yaml:9: .*has surface shared, cdn, upload"):
        load_catalog(tmp_path / "b")


def test_catalogue_when_loaded_then_complete() -> None:
    catalog = load_catalog()

    assert len(catalog.vendors) >= 375
    assert catalog.group_of("eu-west-2") == "uk"
    assert catalog.group_of("atlantis-1") == "unknown"


def test_document_when_what_is_empty_is_left_out_then_the_same_vendor(tmp_path: Path) -> None:
    key = "key_formats: [{id: k, anchor: ak-, pattern: 'ak-[a-z]{9}', kind: api_key, context_lines: 0}]\n"
    (tmp_path / "acme.yaml").write_text(FULL + key)
    entries = [read_entry(file) for file in (tmp_path / "acme.yaml", *shipped_files()[::40])]

    for entry in entries:
        whole = entry.model_dump(mode="json", exclude={"examples"})
        assert build_vendor(document_of(entry), "f") == build_vendor(whole, "f")


def test_artefact_when_read_then_same_documents_and_when_broken_then_none(tmp_path: Path) -> None:
    documents = [(data, document) for _, data, document in shipped_documents({})]

    write_compiled(documents, tmp_path / "all.json")
    (tmp_path / "broken.json").write_text('{"a": ')

    assert list(read_compiled(tmp_path / "all.json").values()) and read_compiled(tmp_path / "broken.json") == {}
    assert sorted(read_compiled(tmp_path / "all.json").values(), key=lambda one: one["id"]) == sorted(
        (document for _, document in documents), key=lambda one: one["id"]
    )
