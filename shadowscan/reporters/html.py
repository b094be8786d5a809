"""`--format html`: one file that opens anywhere: no network, no font, no script needed; light and dark; phone and desk.

Jinja2 escapes everything; a Content-Security-Policy stops whatever an escape might miss.
"""

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from shadowscan.model.audit import Audit
from shadowscan.model.report import Report
from shadowscan.reporters import _overview
from shadowscan.reporters._chart import bars, cell_words, is_number
from shadowscan.reporters._document import ordered, outcome_state
from shadowscan.reporters._terminal_details import evidence_words, location_words, standing
from shadowscan.reporters._terminal_report import headline_figures, period_words
from shadowscan.reporters._text import day, plural, printable, readable_bytes, rfc3339
from shadowscan.reporters.interface import RenderOptions

if TYPE_CHECKING:
    from jinja2 import Environment


class HtmlReporter:
    """One self-contained page."""

    id = "html"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Headline, team → vendor table, findings as cards, inventory, residency, what was not looked at."""
        audit = ordered(audit)
        found = _overview.counting(audit)
        return _page(
            "audit.html.j2",
            audit=audit,
            group_by=options.group_by,
            found=found,
            leads=_overview.leads(audit),
            counts=_overview.severity_counts(found),
            aside=_overview.set_aside(audit),
            groups=_overview.group_findings(audit, options.group_by),
            findings=audit.findings,
            gaps=_overview.gaps(audit),
        )

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Figures as tiles, sections as labelled bars and tables."""
        return _page(
            "report.html.j2",
            report=report,
            period=period_words(report),
            figures=headline_figures(report),
            sections=[(section, bars(section)) for section in report.sections],
            as_of=options.as_of,
        )


def _page(template: str, **values: Any) -> bytes:
    made = _environment().get_template(template)
    return (made.render(**values).rstrip("\n") + "\n").encode("utf-8", "replace")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("shadowscan.reporters", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    functions = (
        day, plural, readable_bytes, rfc3339, standing, location_words, evidence_words, cell_words, is_number,
        outcome_state,
    )  # fmt: skip
    environment.globals.update({function.__name__: function for function in functions})
    environment.globals["csp_hash"] = lambda text: _csp_hash(str(text))
    environment.globals["owner_words"] = _overview.owner_words
    return environment


def _visible(value: object) -> object:
    """Evidence with its control characters shown; markup of our own templates stays as it is."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


REPORTER = HtmlReporter()
