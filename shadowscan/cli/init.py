"""`shadowscan init`: start a policy, owners and config file here."""

from pathlib import Path

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


def init() -> int:
    """Write policy.yaml, owners.yaml and shadowscan.toml in this folder; nothing that exists is touched."""
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
    return 0
