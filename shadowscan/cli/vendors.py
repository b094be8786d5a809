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


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="vendors")


@app.command("list")
def list_vendors(
    category: Annotated[str, typer.Option(help="Only this category.")] = "", format: Format = TableFormat.TABLE
) -> int:
    """List the vendors of the catalogue."""
    from shadowscan.catalog import load_catalog
    from shadowscan.cli._rows import write_rows

    rows = [
        {"id": v.id, "name": v.name, "category": v.category, "jurisdiction": v.jurisdiction, "hosts": len(v.hosts)}
        for v in load_catalog().vendors.values()
        if not category or v.category == category
    ]
    write_rows(rows, format.value)
    return 0


@app.command("show")
def show_vendor(
    vendor_id: Annotated[str, typer.Argument(metavar="VENDOR", help="Catalogue id.")],
    format: Format = TableFormat.TABLE,
) -> int:
    """Show everything the catalogue knows about a vendor."""
    from dataclasses import asdict

    from shadowscan.catalog import load_catalog
    from shadowscan.cli._rows import write_document
    from shadowscan.documents import nearest
    from shadowscan.errors import UsageError

    vendors = load_catalog().vendors
    if vendor_id not in vendors:
        raise UsageError(
            f"no vendor {vendor_id!r} in the catalogue{nearest(vendor_id, vendors)}",
            hint="see `shadowscan vendors list`",
        )
    write_document({key: value for key, value in asdict(vendors[vendor_id]).items() if key != "file"}, format.value)
    return 0


@app.command("match")
def match(
    values: Annotated[list[str] | None, typer.Argument(metavar="[VALUE…|-]", help="Hosts or addresses.")] = None,
    format: Format = TableFormat.TABLE,
) -> int:
    """Name the vendor, service, surface and region of hosts or addresses, one a line; `-` reads standard input."""
    import sys

    from shadowscan.catalog import load_catalog
    from shadowscan.cli._match import read_batches, write_matches

    catalog = load_catalog()
    batches = read_batches(values or ["-"], sys.stdin.buffer)
    answers = ((batch, catalog.resolve_many(batch)) for batch in batches)
    write_matches(answers, format.value, sys.stdout.write)
    return 0


@app.command("update")
def update(source: Annotated[Path, typer.Option("--from", help="Folder or file of your own vendor entries.")]) -> int:
    """Merge your own vendor entries."""
    from shadowscan.errors import NotYetError

    raise NotYetError(f"vendors update --from {source}")
