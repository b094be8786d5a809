"""`shadowscan init`: start a policy, owners and config file here."""

from pathlib import Path
from typing import Annotated

import typer

POLICY = """\
# What this company allows. `shadowscan vendors list` has the vendor ids.
organization: {organization}
vendors:
  approved: []
  in_review: []
  denied: []
# residency: {{allowed: [eu_eea]}}
"""

OWNERS = """\
# Who answers. Tags, CODEOWNERS, Backstage and git still decide where this is silent.
teams: []
tag_keys: [team, owner-team, squad]
"""

CONFIG = """\
# Sources of `shadowscan run`; each has a target and that source's options.
# [[sources]]
# target = "s3://my-logs/AWSLogs/"

[settings]
dns_window = "6h"
"""


def register(app: typer.Typer) -> None:
    app.command()(init)


def init(
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Draft a mapping file for this card, expense or invoice CSV instead.")
    ] = None,
    *,
    kind: Annotated[str, typer.Option(help="With --map: card or invoice; told by the headers by default.")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="With --map: MEANING=HEADER, such as date=Buchungstag; repeatable.")
    ] = None,
    decimal: Annotated[str, typer.Option(help="With --map: point or comma.")] = "",
    date_order: Annotated[str, typer.Option(help="With --map: ymd, mdy or dmy.")] = "",
    sign: Annotated[str, typer.Option(help="With --map: debit_positive or credit_positive.")] = "",
    currency: Annotated[str, typer.Option(help="With --map: where no column holds one, such as EUR.")] = "",
) -> int:
    """Write policy.yaml, owners.yaml and shadowscan.toml in this folder; nothing that exists is touched."""
    from shadowscan.errors import UsageError

    said = {"decimal": decimal, "date_order": date_order, "sign": sign, "currency": currency}
    if map_file is not None:
        from shadowscan.cli._mapping import write_mapping

        return write_mapping(map_file, kind, column or [], said)
    if kind or column or any(said.values()):
        raise UsageError("these options are for --map", hint="shadowscan init --map FILE.csv")
    _write_starters()
    return 0


def _write_starters() -> None:
    organization = "".join(char for char in Path.cwd().name.lower() if char.isalnum() or char == "-") or "acme"
    texts = {
        "policy.yaml": POLICY.format(organization=organization),
        "owners.yaml": OWNERS,
        "shadowscan.toml": CONFIG,
    }
    for name, text in texts.items():
        path = Path(name)
        if path.exists():
            typer.echo(f"kept {name}")
        else:
            path.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {name}")
    typer.echo("next: shadowscan scan TARGET…")
