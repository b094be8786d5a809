"""`shadowscan owners explain|gaps|check`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from shadowscan.cli._options import StoreOptions, takes
from shadowscan.cli.vendors import Format, TableFormat

app = typer.Typer(no_args_is_help=True, help="Whose is it, why, and what is missing.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="owners")


@app.command("explain")
@takes(StoreOptions)
def explain(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Id, name, ARN, address, repository or account.")],
    at: Annotated[str, typer.Option(help="Who had the address then: RFC 3339, UTC where no zone is given.")] = "",
    format: Format = TableFormat.TABLE,
    *,
    store_options: StoreOptions,
) -> int:
    """Show who owns a subject: the chain from the packet to the team, its other names, and all evidence."""
    from shadowscan.cli._owner_text import owner_text
    from shadowscan.cli._rows import write_document
    from shadowscan.enrich.owner.explain import explain_owner
    from shadowscan.errors import UsageError
    from shadowscan.frames import Store

    moment = _parse_moment(at) if at else None
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        found = explain_owner(store.reader.store, subject, moment)
    if not found:
        when = f" at {at}" if at else ""
        raise UsageError(f"the store knows no subject {subject!r}{when}", hint="`findings list` shows subjects")
    for row in found:
        write_document(owner_text(row) if format is TableFormat.TABLE else row, format.value)
    return 0


def _parse_moment(text: str) -> datetime:
    from shadowscan.errors import UsageError

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--at {text!r} is not a time", hint="write 2026-10-02T08:00:00Z") from error
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


class GapsBy(StrEnum):
    FIX = "fix"
    SUBJECT = "subject"


@app.command("gaps")
@takes(StoreOptions)
def gaps(
    by: Annotated[
        GapsBy, typer.Option(help="What would mend most first, or every subject with its line.")
    ] = GapsBy.FIX,
    format: Format = TableFormat.TABLE,
    *,
    store_options: StoreOptions,
) -> int:
    """List what uses LLM vendors and has no owner: few fixes with their share of bytes, spend and findings."""
    from shadowscan.cli._owner_text import gap_text
    from shadowscan.cli._rows import write_rows
    from shadowscan.enrich.owner.explain import owner_gaps
    from shadowscan.enrich.owner.gaps import gap_fixes
    from shadowscan.frames import Store

    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        rows = gap_fixes(store.reader.store) if by is GapsBy.FIX else owner_gaps(store.reader.store)
    is_text = by is GapsBy.FIX and format is TableFormat.TABLE
    write_rows([gap_text(row) for row in rows] if is_text else rows, format.value)
    return 0


@app.command("check")
@takes(StoreOptions)
def check(format: Format = TableFormat.TABLE, *, store_options: StoreOptions) -> int:
    """Say what is wrong in owners.yaml: expired entries, unknown teams, conflicts. Exit 1 when something is."""
    from shadowscan.cli._rows import write_rows
    from shadowscan.enrich.owner.explain import check_owners
    from shadowscan.frames import Store

    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        problems = check_owners(store.reader.store)
    write_rows(problems, format.value)
    return 1 if problems else 0
