"""`shadowscan export --to DIR | --focus FILE`."""

from pathlib import Path
from typing import Annotated

import typer

from shadowscan.cli._options import StoreOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(export)


@takes(StoreOptions)
def export(
    to: Annotated[Path | None, typer.Option(help="Folder for a Parquet lake: one folder a table.")] = None,
    focus: Annotated[Path | None, typer.Option(help="FOCUS-shaped CSV of the attributed charges.")] = None,
    *,
    store_options: StoreOptions,
) -> int:
    """Write the store's tables as Parquet."""
    from shadowscan.errors import NotYetError, UsageError
    from shadowscan.inputs import store_path
    from shadowscan.store.lake import write_lake

    if focus is not None:
        raise NotYetError("export --focus")
    if to is None:
        raise UsageError("export needs --to DIR or --focus FILE")
    for name, rows in write_lake(store_path(store_options.db, store_options.config), to):
        typer.echo(f"{rows:>10,}  {name}")
    return 0
