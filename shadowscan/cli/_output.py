"""Writing reports: one on stdout, others in files, everything else on stderr."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from shadowscan.cli._options import FailOn, OnIncomplete, OutputOptions, VerdictOptions
from shadowscan.errors import UsageError
from shadowscan.model.audit import Audit
from shadowscan.model.outcome import Failed, Partial, RuleFailed
from shadowscan.model.owner import is_of_team
from shadowscan.model.report import Report
from shadowscan.model.severity import Severity
from shadowscan.progress import Progress
from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions, Reporter

COMPLETE, COUNTS, INCOMPLETE = 0, 1, 3

Output = tuple[Reporter, str]


def parse_formats(texts: list[str]) -> list[Output]:
    """(reporter, FILE or "") for each `--format`; raises `UsageError` when two would share stdout."""
    outputs = []
    for text in texts or ["terminal"]:
        name, _, file = text.partition("=")
        reporter = find_reporter(name)
        if reporter.binary and not file:
            raise UsageError(f"--format {name} needs a file", hint=f"write --format {name}=FILE")
        outputs.append((reporter, file))
    if sum(1 for _, file in outputs if not file) > 1:
        raise UsageError("two formats cannot share stdout", hint="give one a file: --format json=audit.json")
    return outputs


def write_audit(audit: Audit, outputs: list[Output], options: OutputOptions) -> None:
    """The audit in every format asked for."""
    shown = _shown(audit, options)
    render = render_options(options)
    _write(outputs, lambda reporter, file: reporter.render(shown, _for_place(render, file)))


def write_report(report: Report, outputs: list[Output], options: OutputOptions, as_of: str = "") -> None:
    """A report in every format asked for."""
    render = replace(render_options(options), as_of=as_of)
    _write(outputs, lambda reporter, file: reporter.render_report(report, _for_place(render, file)))


def _write(outputs: list[Output], render: Callable[[Reporter, str], bytes]) -> None:
    for reporter, file in sorted(outputs, key=lambda output: not output[1]):
        data = render(reporter, file)
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_bytes(data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()


def verdict(audit: Audit, options: VerdictOptions) -> int:
    """The contract's exit code: 3 wins over 1. With `--team`, of that team's findings: what is shown is what fails."""
    broken = any(isinstance(source.outcome, Partial | Failed) for source in audit.sources) or any(
        isinstance(rule.outcome, RuleFailed) for rule in audit.rules
    )
    if broken and options.on_incomplete is OnIncomplete.FAIL:
        return INCOMPLETE
    if options.fail_on is FailOn.NEVER:
        return COMPLETE
    bar = Severity(options.fail_on.value)
    counting = (
        finding for finding in _shown(audit, options).findings if finding.counts and finding.severity.at_least(bar)
    )
    return COUNTS if any(counting) else COMPLETE


def render_options(options: OutputOptions) -> RenderOptions:
    """How to draw, by what the terminal can do."""
    colour = sys.stdout.isatty() and not options.no_color and "NO_COLOR" not in os.environ
    return RenderOptions(
        verbose=options.verbose,
        colour=colour,
        width=shutil.get_terminal_size((100, 40)).columns,
        group_by=options.group_by.value,
        fail_on=options.fail_on.value if isinstance(options, VerdictOptions) else FailOn.HIGH.value,
    )


def _for_place(options: RenderOptions, file: str) -> RenderOptions:
    return replace(options, colour=False, width=100) if file else options


def _shown(audit: Audit, options: OutputOptions) -> Audit:
    return _only_team(audit, options.team) if options.team else audit


def _only_team(audit: Audit, team: str) -> Audit:
    return replace(
        audit,
        findings=tuple(finding for finding in audit.findings if is_of_team(finding.owner, team)),
        inventory=tuple(item for item in audit.inventory if is_of_team(item.owner, team)),
    )


def progress_of(options: OutputOptions) -> Progress:
    """Progress lines on stderr, none with `-q`."""
    if options.quiet:
        return Progress()
    is_terminal = sys.stderr.isatty()

    def say(line: str) -> None:
        text = "".join(char if char.isprintable() else "?" for char in line)
        if is_terminal:
            width = shutil.get_terminal_size((100, 40)).columns
            sys.stderr.write(f"\r\033[K{text[: width - 1]}")
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    return Progress(say)


def end_progress(options: OutputOptions) -> None:
    """Clear the progress line, so that the report starts on a clean one."""
    if not options.quiet and sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
