"""What other scanners find in a repository, each run the way that finds most: history and files, archives opened.

Only those are run that are installed. None asks a vendor whether a key works.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Hit:
    """What a tool showed of a key, and every name it gave the place: path, commit, object."""

    shown: str
    names: tuple[str, ...]


def _gitleaks(repository: Path, report: Path) -> Iterator[Hit]:
    for mode in ("git", "dir"):
        options = ("--max-archive-depth=8", "--redact=0", "--no-banner", "--exit-code=0", "--report-format=json")
        _run("gitleaks", mode, ".", *options, f"--report-path={report}", folder=repository)
        for found in json.loads(report.read_text()):
            yield Hit(found["Match"] + found["Secret"], (found["File"], found["Commit"]))


def _betterleaks(repository: Path, report: Path) -> Iterator[Hit]:
    for mode in (("git", ".", "--include=commit-messages,tag-messages,reflogs"), ("fs", ".")):
        _run("betterleaks", *mode, "--silent", "--exit-code=0", f"--output={report}", folder=repository)
        read = json.loads(report.read_text())
        for found in read if isinstance(read, list) else read["findings"]:
            names = (found["location"].get("path", ""), *_texts(found["attributes"]))
            yield Hit(found["match"]["full"] + found["match"]["value"], names)


def _kingfisher(repository: Path, report: Path) -> Iterator[Hit]:
    options = ("--no-validate", "--no-update-check", "--no-dedup", "--format=jsonl", f"--output={report}")
    _run("kingfisher", "scan", ".", *options, folder=repository)
    for line in report.read_text().splitlines():
        found = json.loads(line).get("finding")
        if found:
            commit = found.get("git_metadata", {}).get("commit", {}).get("id", "")
            yield Hit(found["snippet"], (found["path"], found["path"].replace("/", ""), commit))


_TOOLS: dict[str, Callable[[Path, Path], Iterator[Hit]]] = {
    "betterleaks": _betterleaks,
    "gitleaks": _gitleaks,
    "kingfisher": _kingfisher,
}


def installed_rivals() -> list[str]:
    """Names of the tools on the path."""
    return [name for name in _TOOLS if shutil.which(name)]


def hits_of(name: str, repository: Path) -> list[Hit]:
    """Everything the tool of this name says of the repository."""
    with tempfile.TemporaryDirectory() as folder:
        return list(_TOOLS[name](repository, Path(folder) / "report.json"))


def _run(*call: str, folder: Path) -> None:
    subprocess.run(call, cwd=folder, capture_output=True, check=False)


def _texts(attributes: dict[str, Any]) -> list[str]:
    return [value for name, value in attributes.items() if isinstance(value, str) and "message" not in name]
