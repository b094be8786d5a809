"""The mapping wizard of `init --map`: asks at a terminal, refuses with the option to give where nobody can answer."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from shadowscan.collect.formats._card_mapping import CardMapping
from shadowscan.collect.formats._invoice_mapping import InvoiceMapping
from shadowscan.collect.mapping_draft import FORMATS, Draft, Kind, draft_mapping
from shadowscan.errors import UsageError


def write_mapping(path: Path, kind: str, columns: Sequence[str], said: dict[str, str]) -> int:
    """Write FILE.mapping.yaml beside the export; raises `UsageError` where a needed column stays unknown."""
    import yaml

    target = path.with_name(f"{path.name}.mapping.yaml")
    if target.exists():
        raise UsageError(f"{target} exists", hint="edit it, or take it away first")
    draft = _complete(path, _kind(kind), {**said, "columns": _columns(columns)})
    _refuse_unknown_words(draft)
    target.write_text(yaml.safe_dump(draft.mapping, sort_keys=False, allow_unicode=True), encoding="utf-8")
    for name, header in draft.mapping["columns"].items():
        typer.echo(f"{name:>14}  {header}", err=True)
    for doubt in draft.doubts:
        typer.echo(f"doubt: {doubt}", err=True)
    typer.echo(f"wrote {target}")
    typer.echo(f"next: shadowscan scan {FORMATS[draft.kind]}={path}")
    return 0


def _kind(word: str) -> Kind | None:
    if word == "card":
        return "card"
    if word == "invoice":
        return "invoice"
    if word:
        raise UsageError(f"--kind {word!r} is neither card nor invoice")
    return None


def _columns(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, equals, header in pairs:
        if not (name and equals and header):
            raise UsageError(f"--column {name!r} is not MEANING=HEADER", hint="such as --column date=Buchungstag")
    return {name: header for name, _, header in pairs}


def _complete(path: Path, kind: Kind | None, said: dict[str, Any]) -> Draft:
    """The draft with every needed column, asked for where a person can answer."""
    draft = draft_mapping(path, kind, said)
    while draft.missing:
        name = draft.missing[0]
        if not sys.stdin.isatty():
            raise UsageError(
                f"{path}: no column is known to mean {', '.join(draft.missing)}",
                hint=f"--column {name}=HEADER, one of {', '.join(draft.headers)}",
            )
        said["columns"][name] = _ask(name, draft.headers)
        draft = draft_mapping(path, kind, said)
    return draft


def _refuse_unknown_words(draft: Draft) -> None:
    from pydantic import ValidationError

    try:
        (CardMapping if draft.kind == "card" else InvoiceMapping).model_validate(draft.mapping)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        option = str(first["loc"][0]).replace("_", "-")
        raise UsageError(f"--{option} {first['input']!r} for a {draft.kind} export: {first['msg']}") from error


def _ask(name: str, headers: Sequence[str]) -> str:
    for number, header in enumerate(headers, 1):
        typer.echo(f"{number:>4}  {header}", err=True)
    chosen = 0
    while not 1 <= chosen <= len(headers):
        chosen = typer.prompt(f"Which column is the {name}? 1 to {len(headers)}", type=int, err=True)
    return headers[chosen - 1]
