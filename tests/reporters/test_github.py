"""Annotations read as the runner reads them: only ours, all of a finding, and nothing dropped without a word."""

from dataclasses import replace

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Finding
from shadowscan.model.severity import Severity
from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit
from tests.reporters.render import render

Command = tuple[str, dict[str, str], str]


def lines_of(audit: Audit) -> list[str]:
    return find_reporter("github").render(audit, RenderOptions()).decode().splitlines()


def command(line: str) -> Command:
    """Level, properties and text of a line, unescaped in the runner's order."""
    level, _, rest = line.removeprefix("::").partition(" ")
    named, _, text = rest.partition("::")
    properties = dict(part.split("=", 1) for part in named.split(","))
    return level, {name: _unescape(value, "\r\n:,%") for name, value in properties.items()}, _unescape(text, "\r\n%")


def _unescape(text: str, tokens: str) -> str:
    for token in tokens:
        text = text.replace(f"%{ord(token):02X}", token)
    return text


def many(count: int, severity: Severity) -> Audit:
    audit = make_audit()
    finding = next(f for f in audit.findings if f.counts and f.locations)
    place = CodeLocation("acme/api", "##[error]a.py", 1, None, "", None, in_head=True)
    made = [
        replace(finding, fingerprint=f"{n:032}", severity=severity, locations=(replace(place, line=n + 1),))
        for n in range(count)
    ]
    return replace(audit, findings=tuple(made), sources=(), rules=())


def test_workflow_commands_are_only_ours() -> None:
    lines = render("github").splitlines()

    assert [line.split(" ")[0] for line in lines] == ["::error"] * 2 + ["::warning"] * 3 + ["shadowscan:"]
    assert "file=config dir/ü%25\\n%3A%3Aerror%3A%3A.env,line=7" in lines[0]


def test_annotation_stands_at_its_line_with_owner_and_fix() -> None:
    finding = next(f for f in make_audit().findings if f.counts and f.fix)
    place = CodeLocation("acme/api", "a,b:c%.py", 3, "c" * 40, "", None, in_head=True)
    audit = replace(make_audit(), findings=(replace(finding, locations=(place,)),), sources=(), rules=())

    level, properties, text = command(lines_of(audit)[0])

    assert (level, properties["file"], properties["line"]) == ("error", "a,b:c%.py", "3")
    assert [line.split(":")[0] for line in text.splitlines()][1:3] == ["Owner", "Fix 1"]


def test_finding_that_is_no_longer_in_head_says_where_it_was() -> None:
    finding: Finding = next(f for f in make_audit().findings if f.counts and f.locations)
    gone = replace(finding, locations=(CodeLocation("acme/api", "old.env", 2, "c" * 40, "", None, in_head=False),))

    _, properties, text = command(lines_of(replace(make_audit(), findings=(gone,), sources=(), rules=()))[0])

    assert "file" not in properties
    assert "Where: acme/api:old.env:2 @ cccccccccccc (not in HEAD)" in text.splitlines()


def test_ten_of_a_level_are_all_shown() -> None:
    assert [line.split(" ")[0] for line in lines_of(many(10, Severity.MEDIUM))] == ["::warning"] * 10 + ["shadowscan:"]


def test_more_than_github_shows_are_named_in_the_tenth_and_listed_in_the_log() -> None:
    lines = lines_of(many(25, Severity.HIGH))
    commands = [line for line in lines if line.startswith("::")]

    assert len(commands) == 10
    assert command(commands[-1])[1]["title"] == "shadowscan: 16 more"
    assert [line for line in lines if line.startswith("error: ")][-1].startswith("error: ## [error]a.py:25 keys.")
    assert not [line for line in lines if not line.startswith("::") and "##[" in line]


def test_incomplete_parts_come_before_what_a_full_level_hides() -> None:
    audit = replace(many(25, Severity.MEDIUM), sources=make_audit().sources)

    assert [command(line)[1]["title"] for line in lines_of(audit)[:2]] == ["shadowscan source incomplete"] * 2
