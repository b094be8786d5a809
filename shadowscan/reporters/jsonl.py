"""`--format jsonl`: one finding a line, for pipes."""

from shadowscan.model.audit import Audit
from shadowscan.model.report import Report
from shadowscan.reporters._document import dump_json, finding_document, sorted_findings
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters.interface import RenderOptions


class JsonLinesReporter:
    """Entries of `findings`, worst first, one JSON object a line."""

    id = "jsonl"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Findings and leads; nothing at all where there are none."""
        return "".join(f"{dump_json(finding_document(finding))}\n" for finding in sorted_findings(audit)).encode()

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: a report is not a list of findings."""
        raise no_report(self.id)


REPORTER = JsonLinesReporter()
