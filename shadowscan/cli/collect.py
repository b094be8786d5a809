"""`shadowscan collect [TARGET…]`: only take in."""

from typing import Annotated

import typer

from shadowscan.cli._options import OnIncomplete, RuleOptions, VerdictOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(collect)


@takes(RuleOptions, VerdictOptions)
def collect(
    targets: Annotated[list[str] | None, typer.Argument(metavar="[TARGET…]", help="Else shadowscan.toml's.")] = None,
    diff: Annotated[str, typer.Option(help="Only what BASE..HEAD adds.")] = "",
    all_secrets: Annotated[bool, typer.Option("--all-secrets", help="Keys of other vendors too.")] = False,
    repo: Annotated[str, typer.Option(help="Repository name, where the remote does not say.")] = "",
    *,
    rule_options: RuleOptions,
    verdict_options: VerdictOptions,
) -> int:
    """Only take in: TARGETs, or the sources of shadowscan.toml. Incremental."""
    from shadowscan.cli._output import COMPLETE, INCOMPLETE, end_progress, progress_of
    from shadowscan.cli._request import to_request
    from shadowscan.cli._sources import is_broken, print_sources
    from shadowscan.pipeline import collect_only

    request = to_request(rule_options, targets=tuple(targets or ()), diff=diff, all_secrets=all_secrets, repo=repo)
    sources = collect_only(request, progress_of(verdict_options))
    end_progress(verdict_options)
    print_sources(sources)
    broken = is_broken(sources) and verdict_options.on_incomplete is OnIncomplete.FAIL
    return INCOMPLETE if broken else COMPLETE
