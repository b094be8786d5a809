"""The shipped files pass their own upkeep, and each kind of neglect is seen."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.catalog.check import check_files, main
from shadowscan.catalog.check_vendor import Surroundings, vendor_errors, vendor_notices
from shadowscan.catalog.loader import shipped_files
from shadowscan.catalog.read import read_entry

TODAY = date(2026, 11, 26)
HEAD = """id: acme
name: Acme
category: model_api
verified_on: 2026-11-23
sources:
  docs: {kind: vendor_docs, url: "https://acme.example/docs", seen_on: 2026-11-23}
  list: {kind: public_list, url: "https://lists.example/ai", seen_on: 2026-11-23}
hosts:
- {pattern: api.acme.example, sources: [docs, list]}
"""


def test_shipped_files_when_checked_then_no_error() -> None:
    report = check_files(shipped_files(), TODAY)

    assert [f"{problem.place}: {problem.message}" for problem in report.errors] == []


def test_shipped_examples_when_counted_then_nearly_every_vendor_has_some() -> None:
    entries = [read_entry(file) for file in shipped_files()[::25]]

    assert sum(bool(entry.examples.match or not entry.hosts) for entry in entries) == len(entries)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + "- {pattern: b.acme.example}\n", 10, "b.acme.example has no source"),
        (HEAD + "- {pattern: b.acme.example, sources: [list]}\n", 10, "one weak source"),
        (HEAD + "- {pattern: b.acme.example, sources: [docs], experimental: true}\n", 10, "drop `experimental`"),
        (HEAD + "- {pattern: status.openai.com, sources: [docs]}\n", 10, "stands in openai too"),
        (HEAD + "- {pattern: anthropic.com, match: suffix, sources: [docs]}\n", 10, "hosts of anthropic"),
        (HEAD + "- {pattern: github.io, match: suffix, sources: [docs]}\n", 10, "public suffix"),
        (HEAD.replace("[docs, list]", "[docs]"), 7, "source 'list' is cited by nothing"),
        (HEAD.replace("verified_on: 2026-11-23\n", ""), 1, "verified_on is missing"),
        (HEAD.replace("id: acme", "id: acmes"), 1, "is called acmes.yaml"),
        (HEAD + "environment: [GITHUB_TOKEN]\n", 1, "GITHUB_TOKEN names no vendor"),
        (HEAD + "packages: {pypi: [boto3]}\n", 1, "boto3 names no vendor"),
        (HEAD + "region_rules:\n- {id: r, pattern: '^a$', gives: x, strength: B, region: mars-1}\n", 11, "mars-1"),
        (HEAD + "region_rules:\n- {id: r, pattern: '^(?P<geo>eu|mars)$', gives: x, strength: A}\n", 11, "'mars'"),
        (HEAD + "examples:\n  match:\n  - api.acme.example\n", 12, "api.acme.example gives None"),
        (HEAD + "examples:\n  no_match: [api.acme.evil.example]\n", 11, "mechanical"),
        (HEAD + "examples:\n  rules: [{given: {sku: Standard}, rule: r}]\n", 11, "answered by none"),
    ],
)
def test_file_when_neglected_then_an_error_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    found = [(problem.place.line, problem.message) for problem in errors_of(tmp_path, text)]

    assert any(at == line and words in message for at, message in found), found


def test_file_when_well_kept_then_no_error(tmp_path: Path) -> None:
    assert list(errors_of(tmp_path, HEAD)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD.replace("verified_on: 2026-11-23", "verified_on: 2026-01-01"), "329 days ago"),
        (HEAD, "no example of a look-alike"),
        (HEAD + "- {pattern: acme.example, match: suffix, sources: [docs]}\n", "every name below a whole domain"),
    ],
)
def test_file_when_worth_a_look_then_a_notice(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "acme.yaml").write_text(text)
    entry = read_entry(tmp_path / "acme.yaml")

    notices = vendor_notices(entry, Surroundings.of([entry], load_catalog()), TODAY)

    assert any(words in notice.message for notice in notices)


def test_main_when_one_file_is_asked_for_then_only_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shipped_files()[0])]) == 0
    assert "1 files, 0 errors" in capsys.readouterr().out


def errors_of(folder: Path, text: str) -> Iterator[object]:
    file = folder / "acme.yaml"
    file.write_text(text)
    entry, shipped = read_entry(file), [read_entry(path) for path in shipped_files() if path.stem in NEIGHBOURS]
    return vendor_errors(file, entry, Surroundings.of([entry, *shipped], load_catalog()))


NEIGHBOURS = ("openai", "anthropic")
