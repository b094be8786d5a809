"""The distribution's name must not collide: a snippet with the bare name would run somebody else's package."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/**/*.yml"), *ROOT.glob("shadowscan/**/*.py")]
WRONG = re.compile(
    r"(pip install|pipx install|uv add|uv tool install)\s+(-\S+\s+)*shadowscan(?!-audit)\b|uvx\s+shadowscan\b"
)


def test_snippets_when_they_install_then_by_the_distribution_name() -> None:
    wrong = [f"{file.name}: {found.group()}" for file in TEXTS for found in WRONG.finditer(file.read_text("utf-8"))]
    assert wrong == []


def test_tracked_files_when_read_then_no_path_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    pattern = re.compile(r"(?<![\w.])/(?:root|home/\w+|tmp/\w)/")
    wrong = [
        name
        for name in tracked
        if name.endswith((".py", ".md", ".yaml", ".toml", ".json"))
        and pattern.search((ROOT / name).read_text("utf-8"))
        and "test_names" not in name
    ]
    assert wrong == []
