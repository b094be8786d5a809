"""`shadowscan demo [DIR]`: a small company's shadow AI, found, owned and explained."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_FOLDER = Path("demo-company")


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder to write the company into.")] = DEFAULT_FOLDER,
) -> int:
    """Write a small company, scan it, print the findings, and write the HTML report."""
    from shadowscan.cli._options import VerdictOptions
    from shadowscan.cli._output import end_progress, parse_formats, progress_of, write_audit
    from shadowscan.demo.company import write_company
    from shadowscan.inputs import Request
    from shadowscan.pipeline import scan

    company = write_company(folder)
    typer.echo(f"{folder}: {company.summary}", err=True)
    options = VerdictOptions()
    request = Request(
        targets=tuple(str(target) for target in company.targets),
        policy=str(company.policy),
        owners=str(company.owners),
        db=str(folder / ".shadowscan" / "shadowscan.duckdb"),
    )
    audit = scan(request, progress_of(options))
    end_progress(options)
    html = folder / "report.html"
    write_audit(audit, parse_formats(["terminal", f"html={html}"]), options)
    typer.echo(f"\nreport: {html}", err=True)
    typer.echo(f"next:   shadowscan report attribution --db {request.db} --policy {request.policy}", err=True)
    return 0
