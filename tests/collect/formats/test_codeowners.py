"""CODEOWNERS of GitHub and GitLab."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.codeowners import FORMAT, parse
from shadowscan.collect.formats.interface import Head
from tests.collect.formats.claims import read_claim_text


def test_parse_of_github_lines_keeps_owners_comments_and_unowned_patterns() -> None:
    statements, rejected = parse("# top\n* @acme/core  # all\n/docs/ sam@acme.example @kim\nsrc/gen/\n")

    assert [(s.pattern, s.owners) for s in statements] == [
        ("*", ("@acme/core",)),
        ("/docs/", ("sam@acme.example", "@kim")),
        ("src/gen/", ()),
    ]
    assert rejected == []


def test_parse_of_gitlab_sections_gives_default_owners_and_exclusions() -> None:
    statements, _ = parse(
        "* @core\n[Data Science][2] @ds\nmodels/\nmodels/old/ @archive\n!models/tmp/\n^[Docs]\n*.md @w\n"
    )

    assert [(s.section, s.pattern, s.owners) for s in statements] == [
        (0, "*", ("@core",)),
        (1, "models/", ("@ds",)),
        (1, "models/old/", ("@archive",)),
        (1, "models/tmp/", ()),
        (2, "*.md", ("@w",)),
    ]


def test_parse_refuses_a_line_alone() -> None:
    statements, rejected = parse("* @acme/core\n/docs/ not-an-owner\n")

    assert (len(statements), rejected) == (1, [(2, "/docs/ not-an-owner")])


def test_parse_of_bitbucket_keeps_owners_and_passes_over_groups_settings_and_checks() -> None:
    text = """CODEOWNERS.toplevel.assignment_routing random 2
@@@Web @"Brendan Eich" @kim
Check(@@Seniors >= 1)
**/*.java @"James Gosling"
web/* @@Web @acme/front:random(2) sam@acme.example
!web/tests/**
"""
    statements, rejected = parse(text)

    assert [(s.pattern, s.owners, s.is_exclusion) for s in statements] == [
        ("**/*.java", ('@"James Gosling"',), False),
        ("web/*", ("@@Web", "@acme/front", "sam@acme.example"), False),
        ("web/tests/**", (), True),
    ]
    assert rejected == []


def test_parse_of_github_refuses_an_exclusion() -> None:
    statements, rejected = parse("* @acme/core\n!docs/ @acme/docs\n")

    assert (len(statements), rejected) == (1, [(2, "!docs/ @acme/docs")])


@pytest.mark.parametrize(
    ("text", "value", "is_person"),
    [
        ("* @acme/core\n", "@acme/core", False),
        ("* @kim\n", "@kim", True),
        ("[S] @x\n* @kim\n", "@kim", False),
        ("[S] @x\n* @@maintainer\n", "@@maintainer", True),
        ("@@@Web @kim\n* @@Web\n", "@Web", False),
        ('* @"Brian Goetz"\n', "@Brian Goetz", True),
        ("* @acme/front:least_busy(2)\n", "@acme/front", False),
    ],
)
def test_owner_is_a_team_or_person_as_its_host_means_it(tmp_path: Path, text: str, value: str, is_person: bool) -> None:
    rows, _ = read_claim_text(FORMAT, tmp_path, text)

    assert (rows[-1]["value"], rows[-1]["is_person"]) == (value, is_person)


def test_relative_pattern_of_gitlab_holds_at_any_depth_and_an_exclusion_is_told(tmp_path: Path) -> None:
    rows, _ = read_claim_text(FORMAT, tmp_path, "[S] @x\nee/docs\n/top/\n*.md\n!ee/docs/old\n")

    assert [row["key"] for row in rows] == ["**/ee/docs", "/top/", "*.md", "!**/ee/docs/old"]


def test_sniff_knows_it_by_content_and_not_prose() -> None:
    assert FORMAT.sniff(Head("anything", b"* @acme/core\n/docs/ @acme/docs\n")) >= 0.5
    assert FORMAT.sniff(Head("CODEOWNERS", b"* @acme/core\n/docs/ not-an-owner\n")) > 0.5
    assert FORMAT.sniff(Head("owners.txt", b"* @acme/core\n/docs/ not-an-owner\n")) == 0.0
    assert FORMAT.sniff(Head("CODEOWNERS", b"this is not\na list of owners\n")) == 0.0


@given(st.binary(max_size=300))
def test_sniff_and_parse_are_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
    parse(data.decode("utf-8", errors="replace"))


def test_sniff_when_a_resolver_log_starts_like_a_section_then_not_ours() -> None:
    log = b"[1785542401] unbound[812:0] info: 192.0.2.20 api.x.ai. A IN\n" * 3
    assert FORMAT.sniff(Head("unbound.log", log)) == 0.0
    assert FORMAT.sniff(Head("CODEOWNERS", b"[Data] @acme/data\n*.sql\n")) > 0.5
