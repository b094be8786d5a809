"""CODEOWNERS of GitHub and GitLab."""

from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.codeowners import FORMAT, parse
from shadowscan.collect.formats.interface import Head


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


def test_sniff_knows_it_by_content_and_not_prose() -> None:
    assert FORMAT.sniff(Head("anything", b"* @acme/core\n/docs/ @acme/docs\n")) >= 0.5
    assert FORMAT.sniff(Head("CODEOWNERS", b"this is not\na list of owners\n")) == 0.0


@given(st.binary(max_size=300))
def test_sniff_and_parse_are_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
    parse(data.decode("utf-8", errors="replace"))


def test_sniff_when_a_resolver_log_starts_like_a_section_then_not_ours() -> None:
    log = b"[1785542401] unbound[812:0] info: 192.0.2.20 api.x.ai. A IN\n" * 3
    assert FORMAT.sniff(Head("unbound.log", log)) == 0.0
    assert FORMAT.sniff(Head("CODEOWNERS", b"[Data] @acme/data\n*.sql\n")) > 0.5
