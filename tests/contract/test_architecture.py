"""docs/architecture.md opens with the tree; the tree is true."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^( *)([\w./]+?)/?  +\S")


def documented_folders() -> set[str]:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    tree = text.split("```")[1]
    stack: list[str] = []
    found = set()
    for line in tree.splitlines():
        match = LINE.match(line)
        if match:
            depth = len(match.group(1)) // 2
            stack = [*stack[:depth], match.group(2)]
            found.add("/".join(stack))
    return found


def real_folders() -> set[str]:
    folders = {
        str(file.parent.relative_to(ROOT))
        for top in ("shadowscan", "rules", "reports", "bench", "docs")
        for file in (ROOT / top).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    return folders | {"tests"}


def test_tree_when_compared_with_the_checkout_then_every_folder_has_its_line() -> None:
    documented = documented_folders()
    missing = {folder for folder in real_folders() if folder not in documented}
    gone = {place for place in documented if not (ROOT / place).exists()}
    assert (missing, gone) == (set(), set())


def test_files_when_measured_then_none_is_too_long() -> None:
    long = [
        f"{file.relative_to(ROOT)}: {len(file.read_text('utf-8').splitlines())}"
        for file in (ROOT / "shadowscan").rglob("*.py")
        if len(file.read_text("utf-8").splitlines()) > 300
    ]
    assert long == []
