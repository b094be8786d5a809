"""Acme as files: everything a new user would point `shadowscan scan` at."""

from dataclasses import dataclass
from pathlib import Path

from shadowscan.demo.bills import write_bills
from shadowscan.demo.papers import write_papers
from shadowscan.demo.repositories import write_repositories
from shadowscan.demo.traffic import write_traffic
from shadowscan.errors import UsageError

MARKER = "README.txt"
STORY = """\
Acme, a small company. Everything here was made up by `shadowscan demo`: addresses are from the documentation
ranges, keys were generated and never worked. Delete the folder whenever you like.
"""


@dataclass(frozen=True, slots=True)
class Company:
    """Where the company's evidence lies."""

    targets: tuple[Path, ...]
    policy: Path
    owners: Path
    summary: str


def write_company(folder: Path) -> Company:
    """Write the company into `folder`; raises `UsageError` where something else lives there already."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise UsageError(f"{folder} is not empty", hint="name a new folder: shadowscan demo DIR")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(STORY, encoding="utf-8")
    flows = write_traffic(folder / "logs")
    write_bills(folder / "billing")
    policy, owners = write_papers(folder)
    repositories = folder / "repositories"
    if not repositories.exists():
        write_repositories(repositories)
    return Company(
        targets=(folder / "logs", folder / "billing", folder / "inventory", repositories),
        policy=policy,
        owners=owners,
        summary=f"{flows:,} flow records, DNS logs, three bills, an inventory and three repositories",
    )
