"""`tool.driver.rules` of a SARIF log: every rule of the run, with help where the findings bring it."""

from collections.abc import Sequence

from shadowscan.model.finding import Finding
from shadowscan.model.outcome import RuleReport
from shadowscan.model.severity import Severity
from shadowscan.reporters._document import Json

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}

# GitHub's bands: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}


def driver_rules(reports: Sequence[RuleReport], findings: Sequence[Finding]) -> list[Json]:
    """One `reportingDescriptor` a rule, sorted by id: those that ran, could not run, or left a finding behind.

    `findings` come worst first: a rule takes its default level from its worst finding.
    """
    worst: dict[str, Finding] = {}
    for finding in findings:
        worst.setdefault(finding.rule_id, finding)
    ids = sorted({report.id for report in reports} | set(worst))
    return [_described(worst[rule]) if rule in worst else {"id": rule, "name": _name(rule)} for rule in ids]


def _described(finding: Finding) -> Json:
    help_uri = next((link for link in finding.references if link.startswith("https://")), None)
    return {
        "id": finding.rule_id,
        "name": _name(finding.rule_id),
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": finding.title},
        "help": _help(finding),
        **({"helpUri": help_uri} if help_uri else {}),
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {
            "security-severity": SECURITY_SEVERITY[finding.severity],
            "tags": sorted({"security", "shadow-ai", *finding.tags}),
            "version": finding.rule_version,
        },
    }


def _help(finding: Finding) -> Json:
    links = "".join(f"\n{link}" for link in finding.references)
    return {"text": f"{finding.remediation or finding.title}{links}"}


def _name(rule_id: str) -> str:
    """`egress.unapproved-vendor` as `EgressUnapprovedVendor`, the case viewers expect of a rule's name."""
    return "".join(word.capitalize() for word in rule_id.replace(".", "-").split("-"))
