"""`shadowscan baseline write|diff|import|export`."""

from pathlib import Path
from typing import Annotated

import typer

from shadowscan.cli._options import StoreOptions, takes

app = typer.Typer(no_args_is_help=True, help="Baselines: count new problems only.")

BaselineFile = Annotated[Path, typer.Argument(metavar="FILE", help="Baseline file.")]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="baseline")


@app.command("write")
@takes(StoreOptions)
def write(file: BaselineFile, *, store_options: StoreOptions) -> int:
    """Write every finding that counts today to FILE."""
    from shadowscan.frames import Store, read_findings
    from shadowscan.history.baseline import write_baseline

    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        known = [
            finding for finding in read_findings(store) if finding.type == "finding" and finding.state != "resolved"
        ]
    file.write_text(write_baseline(known), encoding="utf-8")
    typer.echo(f"{len(known)} findings in {file}")
    return 0


@app.command("diff")
@takes(StoreOptions)
def diff(file: BaselineFile, *, store_options: StoreOptions) -> int:
    """What the store has that FILE does not (+), and the other way round (-). Exit 1 when there is a +."""
    from shadowscan.frames import Store, read_findings
    from shadowscan.history.baseline import read_entries

    entries = read_entries(file)
    known = {entry["fingerprint"] for entry in entries}
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        found = [
            finding for finding in read_findings(store) if finding.type == "finding" and finding.state != "resolved"
        ]
    added = [finding for finding in found if not known & {finding.fingerprint, *finding.aliases}]
    present = {name for finding in found for name in (finding.fingerprint, *finding.aliases)}
    for finding in added:
        typer.echo(f"+ {finding.fingerprint} {finding.rule_id} {finding.title}")
    for entry in entries:
        if entry["fingerprint"] not in present:
            typer.echo(f"- {entry['fingerprint']} {entry.get('rule_id', '')} {entry.get('title', '')}")
    return 1 if added else 0


@app.command("import")
@takes(StoreOptions)
def import_baseline(
    file: BaselineFile,
    *,
    detect_secrets: Annotated[
        bool, typer.Option("--detect-secrets", help="FILE is a detect-secrets baseline.")
    ] = False,
    store_options: StoreOptions,
) -> int:
    """Print a baseline of the key findings that another tool's baseline knows, by file and line."""
    from shadowscan.errors import UsageError
    from shadowscan.frames import Store, read_findings
    from shadowscan.history.baseline import write_baseline
    from shadowscan.secrets.detect_secrets_baseline import match_places, read_places

    if not detect_secrets:
        raise UsageError("which tool wrote the baseline?", hint="say --detect-secrets")
    places = read_places(file)
    with Store.open(store_options.db, config=store_options.config, memory=store_options.memory) as store:
        known = match_places(read_findings(store), places)
    typer.echo(write_baseline(known), nl=False)
    typer.echo(f"{len(known)} findings lie at the {len(places)} places of {file}", err=True)
    return 0


@app.command("export")
def export_baseline(
    file: BaselineFile,
    detect_secrets: Annotated[bool, typer.Option("--detect-secrets", help="Write a detect-secrets baseline.")] = False,
    repo: Annotated[str, typer.Option(help="Working tree whose tracked files are read for keys.")] = ".",
) -> int:
    """Write another tool's baseline of the keys in a working tree.

    The keys are read anew, never from the store. A detect-secrets baseline holds the unsalted SHA-1 of each.
    """
    import json

    from shadowscan.errors import UsageError
    from shadowscan.git.tracked_keys import tracked_keys, tracked_root
    from shadowscan.own_vendors import open_catalog
    from shadowscan.secrets.detect_secrets_export import baseline_of

    if not detect_secrets:
        raise UsageError("a baseline of which tool?", hint="say --detect-secrets")
    document = baseline_of(tracked_root(repo), tracked_keys(repo, open_catalog()))
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    count = sum(len(entries) for entries in document["results"].values())
    typer.echo(f"{count} secrets in {len(document['results'])} files of {repo} are in {file}", err=True)
    return 0
