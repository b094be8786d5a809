"""`shadowscan run`: collect, detect, report as shadowscan.toml says; for schedules."""

import typer

from shadowscan.cli._options import RuleOptions, VerdictOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(run)


@takes(RuleOptions, VerdictOptions)
def run(*, rule_options: RuleOptions, verdict_options: VerdictOptions) -> int:
    """Collect, detect, report as shadowscan.toml says."""
    from shadowscan.cli._output import end_progress, parse_formats, progress_of, verdict, write_audit
    from shadowscan.cli._request import to_request
    from shadowscan.pipeline import run_scheduled

    outputs = parse_formats(verdict_options.format)
    audit = run_scheduled(to_request(rule_options), progress_of(verdict_options))
    end_progress(verdict_options)
    write_audit(audit, outputs, verdict_options)
    return verdict(audit, verdict_options)
