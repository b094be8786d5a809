"""`--format json`: the audit document, whole."""

from shadowscan.model.audit import Audit
from shadowscan.model.report import Report
from shadowscan.reporters._document import audit_document, dump_json, report_document
from shadowscan.reporters.interface import RenderOptions


class JsonReporter:
    """One indented JSON document."""

    id = "json"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """The document of CONTRACT section 2."""
        return (dump_json(audit_document(audit), indent=2) + "\n").encode()

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """The document of CONTRACT section 5."""
        return (dump_json(report_document(report), indent=2) + "\n").encode()


REPORTER = JsonReporter()
