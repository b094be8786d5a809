"""The rule pack: every YAML file of the shipped folder and of the user's own, checked, or nothing at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shadowscan.documents import Problem, refuse
from shadowscan.errors import ConfigError, Location
from shadowscan.model.rule import Rule
from shadowscan.ruleset.lint import own_errors, repeated
from shadowscan.ruleset.parse import ParsedRule, parse_rule

_PACKAGE = Path(__file__).resolve().parent.parent
_INSTALLED = _PACKAGE / "_packs" / "rules"


@dataclass(frozen=True, slots=True)
class RulePack:
    """Rules by id, in id order. `digest` is that of every file, so that an audit names exactly what it ran."""

    rules: dict[str, Rule]
    digest: str


def load_pack(extra: Sequence[Path] = ()) -> RulePack:
    """The shipped rules and those of `extra` folders (or files). Raises one `ConfigError` that lists every problem.

    An extra rule adds; an id or title that exists is refused.
    """
    shipped, shipped_problems = _shipped()
    added, problems = read_rules(extra)
    parsed = [*shipped, *added]
    refuse([*shipped_problems, *problems, *repeated(parsed), *(own_errors(added) if added else ())])
    ordered = sorted(parsed, key=lambda entry: entry.rule.id)
    return RulePack({entry.rule.id: entry.rule for entry in ordered}, _digest(ordered))


def shipped_rules() -> Path:
    """The folder of the rules that come with shadowscan: in the wheel, else in the checkout."""
    return _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "rules"


@cache
def _shipped() -> tuple[tuple[ParsedRule, ...], tuple[Problem, ...]]:
    """The shipped rules and what is wrong with them, once a process.

    A checkout's may be half edited and are linted here; those of a wheel were where it was made, and stay as they are.
    """
    folder = shipped_rules()
    parsed, problems = read_rules((folder,))
    return tuple(parsed), (*problems, *(() if folder == _INSTALLED else own_errors(parsed)))


def read_rules(places: Sequence[Path]) -> tuple[list[ParsedRule], list[Problem]]:
    """Every rule file below these places, in path order, and what is wrong with the ones that can't be read."""
    parsed: list[ParsedRule] = []
    problems: list[Problem] = []
    for place in places:
        if not place.exists():
            raise ConfigError(f"rules folder {place} does not exist", hint="give --rules a folder of .yaml files")
        for path in rule_files(place):
            try:
                parsed.append(parse_rule(path, place if place.is_dir() else place.parent))
            except ConfigError as error:
                problems.append(Problem(error.location or Location(str(path)), error.message))
    return parsed, problems


def rule_files(place: Path) -> list[Path]:
    """The rule files of a folder, its subfolders included, or the one file given; sorted."""
    if place.is_file():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix in {".yaml", ".yml"} and path.is_file())


def _digest(parsed: Sequence[ParsedRule]) -> str:
    total = hashlib.sha256()
    for entry in parsed:
        content = Path(entry.block.place.file).read_bytes()
        total.update(f"{entry.rule.id} {hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()[:16]
