"""`shadowscan store info|forget|compact|backup`."""

from pathlib import Path
from typing import Annotated

import typer

from shadowscan.cli._options import StoreOptions, takes

app = typer.Typer(no_args_is_help=True, help="The store: what is in it, and how to make it smaller.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="store")


@app.command("info")
@takes(StoreOptions)
def info(*, store_options: StoreOptions) -> int:
    """What is in the store: objects, rows, days, size."""
    from shadowscan.frames import Store
    from shadowscan.store.upkeep import describe

    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        for line in describe(store.reader.store):
            typer.echo(line)
    return 0


@app.command("forget")
@takes(StoreOptions)
def forget(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="As it was scanned.")], *, store_options: StoreOptions
) -> int:
    """Delete everything that came from TARGET; the next `detect` makes the roll-ups again."""
    from shadowscan.inputs import open_for_upkeep
    from shadowscan.store.upkeep import forget_target

    with open_for_upkeep(store_options.db, store_options.config, store_options.memory) as store:
        objects, rows = forget_target(store, target)
    typer.echo(f"forgot {objects} objects and {rows} rows of {target}")
    return 0


@app.command("compact")
@takes(StoreOptions)
def compact(*, store_options: StoreOptions) -> int:
    """Rewrite the store file without the space of deleted rows."""
    from shadowscan.inputs import store_path
    from shadowscan.store.upkeep import compact_store

    before, after = compact_store(store_path(store_options.db, store_options.config))
    typer.echo(f"{before:,} bytes before, {after:,} bytes after")
    return 0


@app.command("backup")
@takes(StoreOptions)
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file.")], *, store_options: StoreOptions
) -> int:
    """Copy the store to a new file."""
    from shadowscan.inputs import store_path
    from shadowscan.store.upkeep import backup_store

    backup_store(store_path(store_options.db, store_options.config), str(file))
    typer.echo(f"copied to {file}")
    return 0
