"""Prints where the action's environment lies, and its cache key: of system, Python and the tool's files."""

import hashlib
import os
import platform
import sys
from pathlib import Path

ACTION = Path(__file__).parents[1]
PARTS = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "shadowscan", "rules", "reports")
MADE = {"_compiled.json"}  # what the build of the package writes beside the sources
OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        sys.exit(
            f"::error::shadowscan needs Python 3.11, this is {platform.python_version()}: add actions/setup-python"
        )
    key = f"shadowscan-{platform.system()}-{platform.machine()}-{platform.python_version()}-{_digest()}"
    print(f"key={key}")
    print(f"path={Path(os.environ['HOME']) / '.cache' / 'shadowscan-action' / key}")


def _digest() -> str:
    sources = [ACTION / part for part in PARTS]
    files = sorted(file for source in sources for file in (source.rglob("*") if source.is_dir() else [source]))
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc" and file.name not in MADE:
            digest.update(f"{file.relative_to(ACTION)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


main()
