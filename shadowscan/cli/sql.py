"""`shadowscan sql "select …"`: read-only questions to the store."""

from typing import Annotated

import typer

from shadowscan.cli._options import OutputOptions, StoreOptions, takes


def register(app: typer.Typer) -> None:
    app.command()(sql)


@takes(StoreOptions, OutputOptions)
def sql(
    statement: Annotated[
        str, typer.Argument(metavar='"select …"', help="One statement; docs/schema.md has the views.")
    ],
    *,
    store_options: StoreOptions,
    output_options: OutputOptions,
) -> int:
    """Ask the store a question, read-only; nothing but the store can be reached."""
    from shadowscan.cli._output import parse_formats, write_report
    from shadowscan.frames import Store, answer

    outputs = parse_formats(output_options.format)
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        write_report(answer(store, statement), outputs, output_options, store.as_of)
    return 0
