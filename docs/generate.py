"""Make the generated pages: `python -m docs.generate`, or `--check` to fail on a stale one."""

import sys
from collections.abc import Iterator
from pathlib import Path

from shadowscan.catalog import load_catalog
from shadowscan.catalog.docs import all_pages as catalog_pages
from shadowscan.cli import build_app
from shadowscan.plugins import iter_modules
from shadowscan.ruleset.docs import all_pages as rule_pages
from shadowscan.ruleset.load import load_pack
from shadowscan.schema import load_tables

DOCS = Path(__file__).parent
NOTE = "<!-- Made by `make docs` from the code. Do not edit. -->\n\n"


def pages() -> Iterator[tuple[str, str]]:
    """(file name below docs/, text) of every generated page."""
    yield "schema.md", schema_page()
    yield "formats.md", formats_page()
    yield "cli.md", cli_page()
    for name, text in rule_pages(load_pack()).items():
        yield f"rules/{name}", text
    for name, text in catalog_pages(load_catalog()).items():
        yield f"catalog/{name}", text


def schema_page() -> str:
    """Every table and view with its grain and columns."""
    parts = ["# Tables and views\n\nTimes are UTC. Views (`llm_*`) are the contract of rule authors.\n"]
    for table in sorted(load_tables().values(), key=lambda one: (one.kind != "view", one.name)):
        parts.append(f"\n## `{table.name}` ({table.kind})\n\nOne row is {table.grain}.\n\n")
        parts.append("| column | type | meaning | example |\n|---|---|---|---|\n")
        for column in table.columns:
            example = column.example.replace("|", "\\|")
            parts.append(f"| `{column.name}` | {column.type} | {column.meaning} | `{example}` |\n")
    return "".join(parts)


def formats_page() -> str:
    """Every format with its mapping, from the module's own documentation."""
    parts = ["# Formats\n\nRecognised by content, not by name. Force one with `FORMAT=TARGET`.\n"]
    for module in iter_modules("shadowscan.collect.formats"):
        fills = ", ".join(f"`{table}`" for table in module.FORMAT.tables)
        parts.append(f"\n## `{module.FORMAT.id}`: {module.FORMAT.title}\n\nFills {fills}.\n\n")
        parts.append(f"```text\n{(module.__doc__ or '').strip()}\n```\n")
    parts.append("\n# Containers\n\nOpened before recognition: any format above may be inside.\n")
    for module in iter_modules("shadowscan.collect.containers"):
        parts.append(f"\n## `{module.CONTAINER.id}`: {module.CONTAINER.title}\n\n")
        parts.append(f"```text\n{(module.__doc__ or '').strip()}\n```\n")
    return "".join(parts)


def cli_page() -> str:
    """Every command with its arguments and options."""
    import typer.main

    root = typer.main.get_command(build_app())
    parts = ["# Command line\n\nExit codes: 0 complete, nothing that counts · 1 something counts · 2 usage or policy"]
    parts.append(" error, or nothing recognised · 3 incomplete · 70 a bug · 130 interrupted · 141 closed pipe.\n")
    for name, command in sorted(_commands(root, "shadowscan")):
        parts.append(f"\n## `{name}`\n\n{(command.help or '').strip()}\n\n")
        for parameter in command.params:
            is_option = parameter.param_type_name == "option"
            words = " ".join(parameter.opts) if is_option else (parameter.metavar or parameter.name)
            text = getattr(parameter, "help", "") or ""
            if words != "--help":
                parts.append(f"- `{words}` {text}\n")
    return "".join(parts)


def _commands(command: object, name: str) -> Iterator[tuple[str, object]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child_name, child in children.items():
        yield from _commands(child, f"{name} {child_name}")


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` say which are stale."""
    stale = [(name, text) for name, text in pages() if _read(DOCS / name) != NOTE + text]
    if "--check" in arguments:
        for name, _ in stale:
            sys.stderr.write(f"docs/{name} is stale; run `make docs`\n")
        return 1 if stale else 0
    for name, text in stale:
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(NOTE + text, encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
