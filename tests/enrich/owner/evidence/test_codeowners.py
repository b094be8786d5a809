"""Which statement of a CODEOWNERS file holds for a path: hosts' own examples, sections, exclusions, bad patterns."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.codeowners import parse
from shadowscan.enrich.owner.evidence.codeowners import SECTION_STEP, match_paths
from shadowscan.enrich.owner.facts import Claim


def claims(*lines: tuple[str, str]) -> list[Claim]:
    """Statements as (pattern, owner), in file order; `section|pattern` puts one into a section."""
    found = []
    for line, (pattern, value) in enumerate(lines, start=1):
        section, _, plain = pattern.rpartition("|")
        ordinal = int(section or 0) * SECTION_STEP + line
        found.append(Claim("codeowners", "repo_path", plain, "acme/api", ordinal, value, False, 0.8))
    return found


def owners(path: str, *lines: tuple[str, str]) -> list[str]:
    return [claim.value for claim in match_paths(claims(*lines), [path])[0]]


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("*", "a/b.py", None),
        ("*.js", "src/app.js", "src/app.jsx"),
        ("/build/logs/", "build/logs/a/b.log", "src/build/logs/a.log"),
        ("docs/*", "docs/getting-started.md", "docs/build-app/troubleshooting.md"),
        ("apps/", "src/apps/web/a.py", "src/app/web/a.py"),
        ("/docs/", "docs/a.md", "src/docs/a.md"),
        ("**/logs", "deeply/nested/logs/a.log", "deeply/nested/log/a.log"),
        ("/apps/github", "apps/github", "apps/gitlab"),
        ("/with\\ space/", "with space/a.md", "with/a.md"),
        ("/data[old]/", "data[old]/a.csv", "datao/a.csv"),
        ("src/{main,test}/**", "src/test/a.py", "src/docs/a.py"),
        ("**/ee/docs", "a/ee/docs/b.md", "a/ee/doc/b.md"),
    ],
)
def test_pattern_holds_as_its_host_documents(pattern: str, inside: str, outside: str | None) -> None:
    assert owners(inside, (pattern, "x")) == ["x"]
    assert outside is None or owners(outside, (pattern, "x")) == []


def test_last_match_wins_in_each_section() -> None:
    lines = (("*", "core"), ("/src/", "search"), ("1|/src/", "data"), ("1|*.sql", "dba"))

    assert owners("src/a.sql", *lines) == ["search", "dba"]


def test_excluded_path_stays_out_of_its_section_whatever_follows() -> None:
    lines = (("1|*", "data"), ("1|!/tmp/", ""), ("1|/tmp/keep/", "data"), ("*", "core"))

    assert owners("tmp/keep/a", *lines) == ["core"]


@pytest.mark.parametrize("pattern", ["[", "[a", "/", "//", "!", "{", "{,}", "\\", "***", "a{b,{c}"])
def test_pattern_that_crashes_parsers_matches_nothing_or_something_but_never_raises(pattern: str) -> None:
    assert owners("src/a.py", (pattern, "x")) in ([], ["x"])


def test_pattern_that_repeats_itself_costs_no_more_than_its_length() -> None:
    patterns = [("*a" * 40 + "x", "x"), ("**/a/" * 40 + "x", "x")]

    assert owners("a/" * 60 + "a" * 200, *patterns) == []


def test_section_header_that_crashes_the_package_is_a_section() -> None:
    statements, rejected = parse("[Data Science][2] @ds\nmodels/\n")

    assert ([(s.pattern, s.owners) for s in statements], rejected) == ([("models/", ("@ds",))], [])


@settings(deadline=None)  # the first call imports the matcher
@given(st.text(alphabet="a*?/[]{},!\\ .", min_size=1, max_size=12), st.text(alphabet="ab/. ", max_size=12))
def test_matching_is_total(pattern: str, path: str) -> None:
    owners(path, (pattern, "x"))


def test_file_of_the_sample_is_read(tmp_path: Path) -> None:
    statements, _ = parse((Path(__file__).parents[3] / "samples" / "codeowners.txt").read_text())

    assert statements
