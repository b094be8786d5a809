"""Options that several commands share, declared once and spread into each command's signature."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import typer


class FailOn(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"


class OnIncomplete(StrEnum):
    FAIL = "fail"
    WARN = "warn"


class GroupBy(StrEnum):
    WORKLOAD = "workload"
    TEAM = "team"
    VENDOR = "vendor"


def _texts() -> list[str]:
    return []


@dataclass
class StoreOptions:
    """Which store, and how much of the machine."""

    db: Annotated[str, typer.Option(help="Store file, or :memory:.", show_default=".shadowscan/shadowscan.duckdb")] = ""
    memory: Annotated[str, typer.Option(help="Bound of the whole process, such as 2GB.")] = ""
    threads: Annotated[int, typer.Option(min=0, help="Threads; 0 = as configured.")] = 0
    config: Annotated[str, typer.Option(help="shadowscan.toml; the one in this folder by default.")] = ""


@dataclass
class RuleOptions(StoreOptions):
    """What to judge by."""

    policy: Annotated[str, typer.Option(help="policy.yaml; the one in this folder by default.")] = ""
    owners: Annotated[str, typer.Option(help="owners.yaml; the one in this folder by default.")] = ""
    rules: Annotated[list[str], typer.Option(help="Folder of your own rules; adds, repeatable.")] = field(
        default_factory=_texts
    )
    select: Annotated[list[str], typer.Option(help="Only these rules: ids or keys.*, comma or repeated.")] = field(
        default_factory=_texts
    )
    ignore: Annotated[list[str], typer.Option(help="Not these rules.")] = field(default_factory=_texts)
    since: Annotated[str, typer.Option(help="Event time from: date, RFC 3339 or 30d.")] = ""
    until: Annotated[str, typer.Option(help="Event time up to, exclusive.")] = ""
    baseline: Annotated[str, typer.Option(help="Baseline file: what it holds does not count.")] = ""
    redact_people: Annotated[bool, typer.Option("--redact-people", help="No names or addresses of persons.")] = False
    engine: Annotated[str, typer.Option(help="duckdb, or spark://… (not yet).")] = "duckdb"


@dataclass
class OutputOptions:
    """Where the report goes and what it means for the exit code."""

    format: Annotated[
        list[str], typer.Option("--format", help="FORMAT or FORMAT=FILE, repeatable; terminal by default.")
    ] = field(default_factory=_texts)
    team: Annotated[str, typer.Option(help="Only this team; `unowned` for what has none.")] = ""
    group_by: Annotated[GroupBy, typer.Option(help="Display only.")] = GroupBy.TEAM
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show everything.")] = False
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour.")] = False


@dataclass
class VerdictOptions(OutputOptions):
    """Output of the commands that can fail a build."""

    fail_on: Annotated[FailOn, typer.Option(help="Exit 1 at this severity or worse.")] = FailOn.HIGH
    on_incomplete: Annotated[OnIncomplete, typer.Option(help="Exit 3 when a source or rule failed.")] = (
        OnIncomplete.FAIL
    )


def takes(*groups: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Spread option groups into the command's signature; the command gets one filled object a group, by keyword
    named as the class in snake case (`store_options`)."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        own = [p for p in inspect.signature(command).parameters.values() if p.name not in map(_argument, groups)]

        @functools.wraps(command)
        def spread(**given: Any) -> Any:
            filled = {
                _argument(group): group(**{part.name: given.pop(part.name) for part in fields(group)})
                for group in groups
            }
            return command(**given, **filled)

        added = [parameter for group in groups for parameter in _parameters(group)]
        hints = get_type_hints(command, include_extras=True)
        typed = [p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        vars(spread)["__signature__"] = inspect.Signature([*typed, *added])
        spread.__annotations__ = {p.name: p.annotation for p in [*typed, *added]}
        del vars(spread)["__wrapped__"]
        return spread

    return decorate


def _argument(group: type) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in group.__name__).lstrip("_")


def _parameters(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            part.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=part.default if part.default_factory is MISSING else part.default_factory(),
            annotation=hints[part.name],
        )
        for part in fields(group)
    ]
