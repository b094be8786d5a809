"""`shadowscan rules list|show|test|lint|new`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shadowscan.cli.vendors import Format, TableFormat

app = typer.Typer(no_args_is_help=True, help="The rule pack: list, show, test, lint, new.")

Folders = Annotated[list[Path] | None, typer.Option("--rules", help="Folder of your own rules; adds, repeatable.")]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="rules")


@app.command("list")
def list_all(rules: Folders = None, format: Format = TableFormat.TABLE) -> int:
    """List the rules."""
    from shadowscan.cli._rows import write_rows
    from shadowscan.ruleset.load import load_pack
    from shadowscan.ruleset.service import list_rules

    write_rows([asdict(line) for line in list_rules(load_pack(rules or []))], format.value)
    return 0


@app.command("show")
def show(rule_id: Annotated[str, typer.Argument(metavar="RULE", help="Rule id.")], rules: Folders = None) -> int:
    """Show a rule with its SQL and its examples."""
    from shadowscan.ruleset.load import load_pack
    from shadowscan.ruleset.service import show_rule

    typer.echo(show_rule(load_pack(rules or []), rule_id))
    return 0


@app.command("test")
def test(
    selectors: Annotated[
        list[str] | None, typer.Argument(metavar="[RULE…]", help="Ids or keys.*; all by default.")
    ] = None,
    rules: Folders = None,
) -> int:
    """Run the tests inside the rules. Exit 1 when one fails."""
    from shadowscan.ruleset.load import load_pack
    from shadowscan.ruleset.service import check_rules

    results = check_rules(load_pack(rules or []), selectors or [])
    failed = [result for result in results if not result.passed]
    for result in failed:
        typer.echo(f"FAILED {result.rule_id}: {result.test}\n  {result.problem}")
    typer.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


@app.command("lint")
def lint(rules: Folders = None) -> int:
    """Say what is wrong with the rules, by file and line. Exit 1 when something is."""
    from shadowscan.ruleset.service import lint_rules

    problems = lint_rules(rules or [])
    for problem in problems:
        typer.echo(f"{problem.place}: {problem.message}")
    typer.echo(f"{len(problems)} problems")
    return 1 if problems else 0


@app.command("new")
def new(
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="Such as egress.my-rule.")],
    folder: Annotated[Path, typer.Option("--to", help="Folder of your rules.")] = Path("rules"),
) -> int:
    """Write a new rule with every key in order, ready to fill in."""
    from shadowscan.ruleset.service import new_rule

    typer.echo(f"wrote {new_rule(rule_id, folder)}")
    return 0
