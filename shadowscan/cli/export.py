"""`shadowscan export --to DIR | --focus FILE`: the store for other engines, its charges for other cost tools."""

from pathlib import Path
from typing import Annotated

import typer

from shadowscan.cli._options import StoreOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(export)


@takes(StoreOptions)
def export(
    to: Annotated[Path | None, typer.Option(help="Folder for a Parquet lake: one folder a table.")] = None,
    focus: Annotated[
        Path | None, typer.Option(help="CSV of the counted charges with their owners, as FOCUS 1.4 rows.")
    ] = None,
    *,
    store_options: StoreOptions,
) -> int:
    """Write the store's tables as Parquet, or its counted charges with their owners as FOCUS 1.4 rows."""
    from shadowscan.errors import UsageError
    from shadowscan.inputs import store_path

    if (to is None) == (focus is None):
        raise UsageError("export needs --to DIR or --focus FILE", hint="one of the two")
    path = store_path(store_options.db, store_options.config)
    if focus is not None:
        typer.echo(f"{_write_focus(path, focus):>10,}  {focus}")
    if to is not None:
        from shadowscan.store.lake import write_lake

        for name, rows in write_lake(path, to):
            typer.echo(f"{rows:>10,}  {name}")
    return 0


def _write_focus(path: str, target: Path) -> int:
    """Rows written; the file appears whole or not at all."""
    import csv

    from shadowscan.errors import UsageError
    from shadowscan.figures.focus import COLUMNS, focus_rows
    from shadowscan.reporters._text import spreadsheet_cell
    from shadowscan.store.reader import open_reader

    store, count = open_reader(path).store, 0
    fresh = target.with_name(f"{target.name}.part")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            for count, row in enumerate(focus_rows(store), 1):  # noqa: B007 - the last number is the answer
                writer.writerow(map(spreadsheet_cell, row))
        fresh.replace(target)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from error
    finally:
        store.close()
    return count
