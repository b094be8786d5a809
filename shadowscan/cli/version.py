"""`shadowscan --version`."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.callback()(root)


def _print_version(wanted: bool) -> None:
    if wanted:
        from shadowscan import __version__

        typer.echo(f"shadowscan {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Who is using which LLM vendor, from where, with whose key, on whose bill?"""
