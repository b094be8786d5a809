"""What the user's words mean: a source's target, or a repository."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shadowscan.collect.recognise import FORMATS, is_format
from shadowscan.collect.sources import source_of
from shadowscan.collect.walk import is_repository, walk_files, walk_repositories
from shadowscan.config import SourceEntry
from shadowscan.errors import NotYetError, TargetError, UsageError
from shadowscan.model.target import Plan, RepositoryTarget, Target
from shadowscan.plugins import unit_names

# Names of the public contract that no source of this version takes.
RESERVED = re.compile(r"gs://|ce:")
_GIT_URL = re.compile(r"(?:https|ssh|git)://|[\w.-]+@[\w.-]+:|(?:http|file)://.*\.git/?$")
_OTHER_URL = re.compile(r"[a-z][a-z0-9+.-]*://")
_WORD_BEFORE_EQUALS = re.compile(r"([A-Za-z0-9_-]+)=(.+)")

Part = Target | RepositoryTarget


@dataclass(frozen=True, slots=True)
class _Word:
    """One TARGET split at its `=`: the forced format (or `git`), and the place."""

    text: str
    format: str
    place: str


def plan_targets(texts: Sequence[str], *, repo: str = "", configured: Sequence[SourceEntry] = ()) -> Plan:
    """Understand every TARGET before anything is read. A configured source gives its target format and options.

    Raises `TargetError` for a place that does not exist or an empty folder, `NotYetError` for a reserved name,
    `UsageError` where `repo` would name more than one repository or a configured format is none.
    """
    entries = {entry.target: entry for entry in configured}
    parts = [part for text in texts for part in _plan_configured(text, repo, entries.get(text))]
    repositories = tuple(part for part in parts if isinstance(part, RepositoryTarget))
    if repo and len(repositories) > 1:
        raise UsageError(f"--repo {repo} would name {len(repositories)} repositories", hint="scan them one at a time")
    return Plan(tuple(part for part in parts if isinstance(part, Target)), repositories)


def _split(text: str) -> _Word:
    """`FORMAT=TARGET` where FORMAT is known (`-` and `_` are equal) or `git`; else the whole text is the place."""
    found = _WORD_BEFORE_EQUALS.fullmatch(text)
    if found and (is_format(found[1]) or found[1] == "git"):
        return _Word(text, found[1].replace("-", "_"), found[2])
    return _Word(text, "", text)


def _plan_configured(text: str, repo: str, entry: SourceEntry | None) -> Iterator[Part]:
    word = _split(text)
    if entry is None:
        yield from _plan_one(word, repo)
        return
    if entry.format and not is_format(entry.format):
        raise UsageError(f"{entry.target}: no format {entry.format!r}", hint="formats are listed in docs/formats.md")
    word = replace(word, format=word.format or entry.format.replace("-", "_"))
    for part in _plan_one(word, repo):
        yield replace(part, options=entry.options) if isinstance(part, Target) else part


def _plan_one(word: _Word, repo: str) -> Iterator[Part]:
    if RESERVED.match(word.place):
        raise NotYetError(f"the source {word.place}")
    if word.format == "git" or (not word.format and _is_git_url(word.place)):
        yield _plan_repository(word, repo)
        return
    source = source_of(word.place)
    if source != "path":
        yield Target(word.text, source, word.place, word.format)
        return
    yield from _plan_path(word, repo)


def _is_git_url(place: str) -> bool:
    return bool(_GIT_URL.match(place)) and not Path(place).exists()


def _plan_repository(word: _Word, repo: str) -> RepositoryTarget:
    if not _is_git_url(word.place) and not Path(word.place).is_dir():
        raise _missing(word)
    return RepositoryTarget(word.text, word.place, repo)


def _plan_path(word: _Word, repo: str) -> Iterator[Part]:
    """A file; a repository's root; or a folder: its files as one target, and each repository met in it."""
    path = Path(word.place)
    if not path.exists():
        raise _missing(word)
    if path.is_dir() and is_repository(path) and not word.format:
        yield RepositoryTarget(word.text, word.place, repo)
        return
    if not path.is_dir() or next(walk_files(path), None) is not None:
        yield Target(word.text, "path", word.place, word.format)
    if path.is_dir():
        yield from _repositories_in(word, path, repo)


def _repositories_in(word: _Word, path: Path, repo: str) -> Iterator[Part]:
    found = [] if word.format else [str(place) for place in walk_repositories(path)]
    if not found and next(walk_files(path), None) is None:
        raise TargetError(f"{word.place} holds no file to read", hint="an empty folder is not a clean one: check it")
    yield from (RepositoryTarget(place, place, repo) for place in found)


def _missing(word: _Word) -> TargetError:
    if _OTHER_URL.match(word.place):
        return TargetError(f"no source reads {word.place}", hint="see the TARGETs in `shadowscan scan --help`")
    asked = _WORD_BEFORE_EQUALS.fullmatch(word.place)
    names = [*unit_names(FORMATS), "git"]
    near = difflib.get_close_matches(asked[1].replace("-", "_"), names, 1) if asked else []
    if asked and near:
        return TargetError(
            f"{word.place} does not exist, and {asked[1]} is no format", hint=f"did you mean {near[0]}=?"
        )
    return TargetError(f"{word.place} does not exist", hint=_nearest_path(Path(word.place)))


def _nearest_path(path: Path) -> str:
    """The sibling whose name is nearest, else the part of the path that is there."""
    parent = path.parent
    if parent.is_dir():
        near = difflib.get_close_matches(path.name, [entry.name for entry in parent.iterdir()], 1)
        return f"did you mean {parent / near[0]}?" if near else f"nothing of that name in {parent.absolute()}"
    return f"{parent} does not exist either"
