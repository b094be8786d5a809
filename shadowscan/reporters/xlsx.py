"""`--format xlsx=FILE`: a workbook for analysts. Same input, same bytes: the clock is taken out of the file."""

import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from shadowscan.model.audit import Audit
from shadowscan.model.report import Report
from shadowscan.model.severity import Severity
from shadowscan.reporters._chart import cell_words
from shadowscan.reporters._document import audit_document, sorted_findings
from shadowscan.reporters._overview import counting
from shadowscan.reporters._table import FINDING_COLUMNS, finding_row, report_cell
from shadowscan.reporters.interface import RenderOptions

Sheet = tuple[str, Sequence[str], list[list[object]]]

CELL_LIMIT = 32_767  # characters: https://support.microsoft.com/office/excel-specifications-and-limits
TITLE_LIMIT = 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
KEYS = {
    "sources": ("target", "format", "state", "rejected", "first_at", "last_at", "reason"),
    "rules": ("id", "version", "type", "state", "findings", "rows_considered", "reason"),
    "coverage": ("blind_spot", "why", "affects"),
    "inventory": (
        "subject", "vendor", "service", "status", "via", "owner", "region", "bytes_out", "events",
        "first_seen_at", "last_seen_at",
    ),
    "residency": ("subject", "vendor", "route", "region", "evidence", "verdict", "why", "missing"),
}  # fmt: skip


class XlsxReporter:
    """One sheet a list of the audit document, headers frozen, no cell that a spreadsheet would run."""

    id = "xlsx"
    binary = True

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Findings, teams, inventory, residency, coverage, rules and sources."""
        document = audit_document(audit)
        rows = [list(finding_row(finding).values()) for finding in sorted_findings(audit)]
        names = ("inventory", "residency", "coverage", "rules", "sources")
        findings: Sheet = ("findings", FINDING_COLUMNS, rows)
        return _workbook([findings, _team_sheet(audit), *(_list_sheet(name, document[name]) for name in names)])

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Figures on the first sheet, then a sheet for every section."""
        figures: list[list[object]] = [[name, _cell(value)] for name, value in report.figures.items()]
        sheets: list[Sheet] = [("figures", ("figure", "value"), figures)]
        for number, section in enumerate(report.sections, start=1):
            rows = [[_cell(value) for value in row] for row in section.rows]
            sheets.append((_sheet_title(number, section.title), section.columns, rows))
        return _workbook(sheets)


def _team_sheet(audit: Audit) -> Sheet:
    """One row a team with findings that count, by severity; those without a team last."""
    contacts, counts = dict(audit.contacts), defaultdict[str, Counter[Severity]](Counter)
    for finding in counting(audit):
        counts[finding.owner.team or ""][finding.severity] += 1
    rows = [
        [_cell(team or "unowned"), _cell(contacts.get(team, "")), *(found[severity] for severity in Severity)]
        for team, found in sorted(counts.items(), key=lambda item: (not item[0], item[0]))
    ]
    return "teams", ("team", "contact", *(severity.value for severity in Severity)), rows


def _list_sheet(name: str, entries: list[dict[str, Any]]) -> Sheet:
    keys = KEYS[name]
    return name, keys, [[_cell(entry[key]) for key in keys] for entry in entries]


def _cell(value: object) -> object:
    if isinstance(value, dict):
        value = value["team"] or "unknown" if "team" in value else cell_words(value)
    if isinstance(value, list | tuple):
        value = cell_words(value)
    return report_cell(value)


def _sheet_title(number: int, title: str) -> str:
    return NOT_IN_TITLES.sub(" ", f"{number} {title}")[:TITLE_LIMIT].strip()


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    import pandas as pd

    out = BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        for title, columns, rows in sheets:
            cut = [[cell[:CELL_LIMIT] if isinstance(cell, str) else cell for cell in row] for row in rows]
            header = pd.Index([report_cell(column) for column in columns])
            frame = pd.DataFrame(cut, columns=header, dtype=object)
            frame.to_excel(writer, sheet_name=title, index=False, freeze_panes=(1, 0))
    return _without_clock(out.getvalue())


def _without_clock(data: bytes) -> bytes:
    """openpyxl writes the time of saving into the properties and every zip entry."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as saved, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as stable:
        for name in saved.namelist():
            content = saved.read(name)
            if name == "docProps/core.xml":
                content = SAVED_AT.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            stable.writestr(entry, content)
    return out.getvalue()


REPORTER = XlsxReporter()
