"""`--format csv`: one row a finding, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from shadowscan.model.audit import Audit
from shadowscan.model.report import Report
from shadowscan.reporters._document import sorted_findings
from shadowscan.reporters._table import FINDING_COLUMNS, finding_row, report_cell
from shadowscan.reporters.interface import RenderOptions


class CsvReporter:
    """UTF-8 CSV with a header line, one line a row whatever the evidence holds."""

    id = "csv"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Findings and leads, worst first; the header alone where there are none."""
        rows = (finding_row(finding).values() for finding in sorted_findings(audit))
        return _lines([FINDING_COLUMNS, *map(list, rows)])

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Every section as rows under its own header; the first column names the section."""
        lines: list[Sequence[object]] = []
        for section in report.sections:
            lines.append(["section", *section.columns])
            lines.extend([report_cell(section.title), *map(report_cell, row)] for row in section.rows)
        return _lines(lines)


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


REPORTER = CsvReporter()
