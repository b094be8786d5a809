"""`shadowscan findings list|show|suppress|triage`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from shadowscan.cli._options import OutputOptions, StoreOptions, takes

app = typer.Typer(no_args_is_help=True, help="Findings of the last run: list, show, suppress, triage.")

Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="As listed; its first characters do.")]
PolicyFile = Annotated[str, typer.Option("--policy", help="policy.yaml to write to; the one in this folder.")]


class TriageStatus(StrEnum):
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    ASSIGNED = "assigned"


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="findings")


@app.command("list")
@takes(StoreOptions, OutputOptions)
def list_findings(
    select: Annotated[list[str] | None, typer.Option(help="Only these rules: ids or keys.*.")] = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="Also what is no longer found.")] = False,
    *,
    store_options: StoreOptions,
    output_options: OutputOptions,
) -> int:
    """List the findings of the store, worst first."""
    from shadowscan.cli._output import parse_formats, write_report
    from shadowscan.cli._request import split_list
    from shadowscan.frames import FINDING_COLUMNS, SCREEN_COLUMNS, Store, findings_report

    outputs = parse_formats(output_options.format)
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        for output in outputs:
            made = findings_report(
                store,
                select=split_list(select or []),
                team=output_options.team,
                with_resolved=resolved,
                columns=SCREEN_COLUMNS if output[0].id == "terminal" else FINDING_COLUMNS,
            )
            write_report(made, [output], output_options, store.as_of)
    return 0


@app.command("show")
@takes(StoreOptions)
def show_finding(fingerprint: Fingerprint, *, store_options: StoreOptions) -> int:
    """Show one finding whole, with the chain of evidence and of ownership."""
    import sys

    from shadowscan.cli._finding_text import finding_text
    from shadowscan.frames import Store, find_finding

    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        sys.stdout.write(finding_text(find_finding(store, fingerprint)))
    return 0


@app.command("suppress")
@takes(StoreOptions)
def suppress(
    fingerprint: Fingerprint,
    reason: Annotated[str, typer.Option(help="Why it does not count.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    expires: Annotated[str, typer.Option(help="Last day it holds, such as 2027-01-31.")],
    policy: PolicyFile = "",
    *,
    store_options: StoreOptions,
) -> int:
    """Suppress a finding until a day, in policy.yaml, where it is reviewed."""
    from shadowscan.frames import Store, find_finding
    from shadowscan.inputs import policy_to_edit
    from shadowscan.policy_edit import add_suppression

    last_day = _parse_day(expires)
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        found = find_finding(store, fingerprint)
    file = policy_to_edit(policy)
    add_suppression(
        file,
        {
            "fingerprint": found.fingerprint,
            "rule": found.rule_id,
            "reason": reason,
            "by": by,
            "expires": last_day,
        },
    )
    typer.echo(f"suppressed {found.fingerprint} until {last_day} in {file}")
    return 0


@dataclass
class TriageOptions:
    """Who decided what, and where it is written."""

    disputed: Annotated[bool, typer.Option("--disputed", help="The owner shown is wrong; as the word.")] = False
    team: Annotated[str, typer.Option(help="Whose it is: the entry that settles it goes to owners.yaml.")] = ""
    by: Annotated[str, typer.Option(help="Who decided; the one logged in by default.")] = ""
    note: Annotated[str, typer.Option(help="In a few words.")] = ""
    policy: PolicyFile = ""
    owners: Annotated[str, typer.Option(help="owners.yaml to write to; the one in this folder.")] = ""


@app.command("triage")
@takes(StoreOptions, TriageOptions)
def triage(
    fingerprint: Fingerprint,
    status: Annotated[TriageStatus | None, typer.Argument(help="What was decided; or --disputed.")] = None,
    *,
    store_options: StoreOptions,
    triage_options: TriageOptions,
) -> int:
    """Write down what a person decided about a finding, in policy.yaml; with --team whose it is, in owners.yaml."""
    from datetime import UTC, datetime

    from shadowscan.frames import Store, find_finding
    from shadowscan.inputs import owners_to_edit, policy_to_edit
    from shadowscan.owners_edit import settle_owner
    from shadowscan.policy_edit import add_triage

    decided = _decided(status, triage_options)
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        found = find_finding(store, fingerprint)
    by = triage_options.by or _login_name()
    if triage_options.team:
        file = owners_to_edit(triage_options.owners)
        settled = settle_owner(file, found, triage_options.team, by=by, reason=triage_options.note)
        typer.echo(f"{'added to' if settled.is_new else 'changed in'} {file}: {settled.section} {settled.entry}")
        for said in settled.contradicted_by:
            typer.echo(f"still contradicted: {said}", err=True)
    file = policy_to_edit(triage_options.policy)
    entry = {"fingerprint": found.fingerprint, "status": decided, "by": by, "note": triage_options.note}
    add_triage(file, {**entry, "at": datetime.now(UTC).date()})
    typer.echo(f"{found.fingerprint} {decided} in {file}")
    return 0


def _decided(status: TriageStatus | None, options: TriageOptions) -> str:
    from shadowscan.errors import UsageError

    if options.disputed and status not in (None, TriageStatus.DISPUTED):
        raise UsageError(f"{status} and --disputed contradict each other")
    if status is None and not options.disputed:
        raise UsageError("what was decided is missing", hint="accepted, disputed or assigned")
    if options.team and status is TriageStatus.ACCEPTED:
        raise UsageError("--team goes with disputed or assigned", hint="an accepted finding keeps its owner")
    return TriageStatus.DISPUTED.value if status is None else status.value


def _login_name() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError):
        return ""


def _parse_day(text: str) -> date:
    from shadowscan.errors import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--expires {text!r} is not a day", hint="write 2027-01-31") from error
