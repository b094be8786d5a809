"""`shadowscan detect`: run the rules over the whole store."""

import typer

from shadowscan.cli._options import RuleOptions, VerdictOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(detect)


@takes(RuleOptions, VerdictOptions)
def detect(*, rule_options: RuleOptions, verdict_options: VerdictOptions) -> int:
    """Run the rules over the whole store."""
    from shadowscan.cli._output import end_progress, parse_formats, progress_of, verdict, write_audit
    from shadowscan.cli._request import to_request
    from shadowscan.pipeline import detect as run_detect

    outputs = parse_formats(verdict_options.format)
    audit = run_detect(to_request(rule_options), progress_of(verdict_options))
    end_progress(verdict_options)
    write_audit(audit, outputs, verdict_options)
    return verdict(audit, verdict_options)
