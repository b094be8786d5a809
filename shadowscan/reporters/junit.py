"""`--format junit`: every rule as a test, for CI systems that show nothing else.

Dialect: https://github.com/testmoapp/junitxml, the common ground of Jenkins, GitLab and Azure.
"""

from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.outcome import Evaluated, Failed, NotEvaluable, Partial, RuleFailed, RuleReport
from shadowscan.model.report import Report
from shadowscan.reporters import _overview
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters._terminal_details import evidence_words, location_words
from shadowscan.reporters._text import printable
from shadowscan.reporters.interface import RenderOptions


class JunitReporter:
    """A rule fails once a finding; one that could not be evaluated is skipped, a broken one is an error."""

    id = "junit"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """One suite for rules, one for sources that could not be read."""
        root = Element("testsuites", name="shadowscan")
        rules = SubElement(root, "testsuite", name="shadowscan rules")
        findings = _overview.counting(audit)
        for report in sorted(audit.rules, key=lambda rule: rule.id):
            _add_rule(rules, report, [finding for finding in findings if finding.rule_id == report.id])
        known = {report.id for report in audit.rules}
        for finding in (finding for finding in findings if finding.rule_id not in known):
            _add_finding(rules, finding)
        _add_sources(SubElement(root, "testsuite", name="shadowscan sources"), audit)
        for suite in root:
            _count(suite)
        indent(root)
        text = tostring(root, encoding="unicode", xml_declaration=False)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode("utf-8", "replace")

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: a figure neither passes nor fails."""
        raise no_report(self.id)


def _add_rule(suite: Element, report: RuleReport, findings: list[Finding]) -> None:
    match report.outcome:
        case NotEvaluable(reason):
            SubElement(_case(suite, report.id, report.id), "skipped", message=printable(reason))
        case RuleFailed(reason):
            SubElement(_case(suite, report.id, report.id), "error", message=printable(reason), type="rule-failed")
        case Evaluated():
            for finding in findings:
                _add_finding(suite, finding)
            if not findings:
                _case(suite, report.id, report.id)
        case _:
            assert_never(report.outcome)


def _add_finding(suite: Element, finding: Finding) -> None:
    name = f"{finding.subject.label or finding.subject.id} {finding.vendor.id if finding.vendor else ''}".strip()
    case = _case(suite, finding.rule_id, f"{name} [{finding.fingerprint[:12]}]")
    failure = SubElement(case, "failure", message=printable(finding.message), type=finding.severity.value)
    lines = [
        *(f"where: {location_words(place)}" for place in finding.locations),
        f"owner: {_overview.owner_words(finding)}",
        *(f"evidence: {evidence_words(evidence)}" for evidence in finding.evidence),
        *(f"fix {number}: {step}" for number, step in enumerate(finding.fix.steps if finding.fix else (), start=1)),
        f"do: {finding.remediation}",
    ]
    failure.text = "\n".join(map(printable, lines))


def _add_sources(suite: Element, audit: Audit) -> None:
    for source in sorted(audit.sources, key=lambda source: (source.target, source.format)):
        case = _case(suite, f"source.{source.format or 'unknown'}", source.target)
        if isinstance(source.outcome, Partial | Failed):
            SubElement(case, "error", message=printable(source.outcome.reason), type="source-incomplete")


def _case(suite: Element, classname: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=printable(classname), name=printable(name), time="0")


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(1 for case in suite if case.find(tag) is not None)))


REPORTER = JunitReporter()
