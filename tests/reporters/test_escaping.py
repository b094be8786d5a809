"""No evidence acts: not on a terminal, a spreadsheet, a browser, a workflow or an XML reader."""

import csv
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO

import pytest

from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit
from tests.reporters.render import render, render_report


class Page(HTMLParser):
    """Tags, handlers and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.risky: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        loads = {"src", "srcset", "data", "action", "background", "poster"}
        self.risky += [
            (name, value)
            for name, value in attrs
            if name in loads or name.startswith("on") or (name == "href" and not str(value).startswith("#"))
        ]


@pytest.mark.parametrize("text", [render("html"), render_report("html")], ids=["audit", "report"])
def test_no_tag_of_the_evidence_survives_and_nothing_is_loaded(text: str) -> None:
    page = Page(text)

    assert page.risky == []
    assert page.tags.count("script") == 1
    assert not {"img", "link", "iframe", "object", "a:evil"} & set(page.tags)
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize("id", ["terminal", "markdown", "github", "csv", "html", "junit"])
def test_no_control_character_passes(id: str) -> None:
    text = render(id, verbose=True)

    assert [char for char in text if not char.isprintable() and char != "\n"] == []


def test_colour_is_ours_alone() -> None:
    text = render("terminal", colour=True, verbose=True)

    assert "\x1b[1;31m" in text
    assert "\\x1b[31mred" in text
    assert "\x1b]8" not in text


def test_terminal_keeps_its_width_and_one_screen() -> None:
    lines = render("terminal", width=80).splitlines()

    assert max(map(len, lines)) <= 80
    assert len(lines) <= 24


def test_csv_has_one_line_a_finding_and_no_formula() -> None:
    text = render("csv")
    rows = list(csv.DictReader(StringIO(text)))

    assert len(text.splitlines()) == len(rows) + 1 == len(make_audit().findings) + 1
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]


def test_workbook_has_no_formula() -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(find_reporter("xlsx").render(make_audit(), RenderOptions())))

    assert book.sheetnames == ["findings", "teams", "inventory", "residency", "coverage", "rules", "sources"]
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_terminal_stays_one_screen_however_many_teams() -> None:
    audit = make_audit()
    finding = next(finding for finding in audit.findings if finding.counts)
    teams = [replace(finding.owner, team=f"team-{number}") for number in range(50)]
    many = replace(audit, findings=tuple(replace(finding, owner=team) for team in teams))

    lines = find_reporter("terminal").render(many, RenderOptions()).decode().splitlines()

    assert len(lines) <= 36
    assert "… and 44 more; -v shows all" in lines
