"""`shadowscan report NAME`: figures for people who decide."""

from typing import Annotated

import typer

from shadowscan.cli._options import OutputOptions, StoreOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(report)


@takes(StoreOptions, OutputOptions)
def report(
    name: Annotated[str, typer.Argument(metavar="NAME", help="attribution, adoption, security, gateways, …")],
    period: Annotated[str, typer.Option(help="2026-Q3, 2026-09 or FY26Q3; default the last complete quarter.")] = "",
    since: Annotated[str, typer.Option(help="From this date instead of a period.")] = "",
    until: Annotated[str, typer.Option(help="Up to this date, exclusive.")] = "",
    policy: Annotated[str, typer.Option(help="policy.yaml; the one in this folder by default.")] = "",
    *,
    store_options: StoreOptions,
    output_options: OutputOptions,
) -> int:
    """Print one report from the store, or from its last snapshot while a run is writing."""
    from shadowscan.cli._output import parse_formats, write_report
    from shadowscan.cli._request import parse_moment
    from shadowscan.errors import UsageError
    from shadowscan.frames import Store, report_from

    if period and (since or until):
        raise UsageError("--period and --since/--until both name the time", hint="give one of them")
    outputs = parse_formats(output_options.format)
    window = (parse_moment(since, "--since"), parse_moment(until, "--until"))
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        made = report_from(store, name, period=period, window=window, policy=policy, team=output_options.team)
        write_report(made, outputs, output_options, store.as_of)
    return 0
