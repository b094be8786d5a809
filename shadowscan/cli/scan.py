"""`shadowscan scan TARGET…`: the main job, no configuration needed."""

from typing import Annotated

import typer

from shadowscan.cli._options import RuleOptions, VerdictOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(scan)


@takes(RuleOptions, VerdictOptions)
def scan(
    targets: Annotated[list[str], typer.Argument(metavar="TARGET…", help="Files, folders, repositories, s3://… or -.")],
    diff: Annotated[str, typer.Option(help="Only what BASE..HEAD adds.")] = "",
    all_secrets: Annotated[bool, typer.Option("--all-secrets", help="Keys of other vendors too.")] = False,
    repo: Annotated[str, typer.Option(help="Repository name, where the remote does not say.")] = "",
    *,
    rule_options: RuleOptions,
    verdict_options: VerdictOptions,
) -> int:
    """Collect, enrich, detect, report: the main job, no configuration needed."""
    from shadowscan.cli._output import end_progress, parse_formats, progress_of, verdict, write_audit
    from shadowscan.cli._request import to_request
    from shadowscan.pipeline import scan as run_scan

    outputs = parse_formats(verdict_options.format)
    request = to_request(rule_options, targets=tuple(targets), diff=diff, all_secrets=all_secrets, repo=repo)
    audit = run_scan(request, progress_of(verdict_options))
    end_progress(verdict_options)
    write_audit(audit, outputs, verdict_options)
    return verdict(audit, verdict_options)
