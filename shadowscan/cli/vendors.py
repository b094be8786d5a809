"""`shadowscan vendors list|show|match|update`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The catalogue: who a host or address is.")


class TableFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


Format = Annotated[TableFormat, typer.Option("--format", help="table, json or jsonl.")]
Config = Annotated[str, typer.Option(help="shadowscan.toml; the one in this folder by default.")]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="vendors")


@app.command("list")
def list_vendors(
    category: Annotated[str, typer.Option(help="Only this category.")] = "",
    format: Format = TableFormat.TABLE,
    config: Config = "",
) -> int:
    """List the vendors of the catalogue, your own entries included."""
    from shadowscan.cli._rows import write_rows
    from shadowscan.cli._vendor_text import vendor_row
    from shadowscan.documents import nearest
    from shadowscan.errors import UsageError
    from shadowscan.own_vendors import open_catalog

    vendors = open_catalog(config).vendors.values()
    known = {vendor.category for vendor in vendors}
    if category and category not in known:
        raise UsageError(f"no category {category!r}{nearest(category, known)}", hint="see `shadowscan vendors list`")
    found = sorted((v for v in vendors if category in ("", v.category)), key=lambda vendor: vendor.id)
    write_rows([vendor_row(vendor) for vendor in found], format.value)
    return 0


@app.command("show")
def show_vendor(
    vendor_id: Annotated[str, typer.Argument(metavar="VENDOR", help="Catalogue id.")],
    format: Format = TableFormat.TABLE,
    config: Config = "",
) -> int:
    """Show everything the catalogue knows about a vendor, with its sources."""
    import sys

    from shadowscan.cli._rows import write_document
    from shadowscan.cli._vendor_text import vendor_document, vendor_lines
    from shadowscan.documents import nearest
    from shadowscan.errors import UsageError
    from shadowscan.own_vendors import open_catalog

    vendors = open_catalog(config).vendors
    if vendor_id not in vendors:
        raise UsageError(
            f"no vendor {vendor_id!r} in the catalogue{nearest(vendor_id, vendors)}",
            hint="see `shadowscan vendors list`",
        )
    if format is TableFormat.TABLE:
        sys.stdout.writelines(f"{line}\n" for line in vendor_lines(vendors[vendor_id]))
    else:
        write_document(vendor_document(vendors[vendor_id]), format.value)
    return 0


@app.command("match")
def match(
    values: Annotated[list[str] | None, typer.Argument(metavar="[VALUE…|-]", help="Hosts or addresses.")] = None,
    format: Format = TableFormat.TABLE,
    config: Config = "",
) -> int:
    """Name the vendor, service, surface and region of hosts or addresses, one a line; `-` reads standard input."""
    import sys

    from shadowscan.cli._match import read_batches, write_matches
    from shadowscan.own_vendors import open_catalog

    catalog = open_catalog(config)
    batches = read_batches(values or ["-"], sys.stdin.buffer)
    answers = ((batch, catalog.resolve_many(batch)) for batch in batches)
    write_matches(answers, format.value, sys.stdout.write)
    return 0


@app.command("update")
def update(
    source: Annotated[Path, typer.Option("--from", metavar="FILE|DIR", help="Your own vendor entries.")],
    format: Format = TableFormat.TABLE,
    config: Config = "",
) -> int:
    """Take your own vendor entries into their folder, where they win over what ships; checked first, all or none."""
    from dataclasses import asdict

    from shadowscan.catalog.update import update_own
    from shadowscan.cli._rows import write_rows
    from shadowscan.config import CONFIG_NAMES, existing_file, load_config
    from shadowscan.own_vendors import named_folder

    folder = named_folder(load_config(existing_file(config, CONFIG_NAMES)))
    write_rows([asdict(change) for change in update_own(source, folder)], format.value)
    return 0
