"""Where a repository's refs lead, and which lead nowhere: one broken ref must not hide the history of the others."""

import subprocess
from dataclasses import dataclass

from shadowscan.git.objects import describe_objects
from shadowscan.git.repository import Repository, last_line, safe_environment

_NOTES = "refs/notes/"


@dataclass(frozen=True, slots=True)
class Refs:
    """`tips` are commits that are here, `tags` ids of tag objects, `notes` names of notes refs, `lost` leads nowhere.

    `reason` says why git could not list them at all; empty where it could.
    """

    tips: tuple[str, ...]
    tags: frozenset[str]
    notes: tuple[str, ...]
    lost: tuple[str, ...]
    reason: str = ""


def read_refs(repository: Repository) -> Refs:
    """All refs and HEAD, asked for in a way that stops at none of them."""
    call = repository.command("for-each-ref", "--format=%(objectname) %(refname)")
    done = subprocess.run(call, capture_output=True, env=safe_environment(), check=False)
    listed = [line.split(" ", 1) for line in done.stdout.decode("utf-8", "replace").splitlines()]
    head = repository.line("rev-parse", "--verify", "--quiet", "HEAD")
    named = {name: id for id, name in listed} | ({"HEAD": head} if head else {})
    ids = list(dict.fromkeys(named.values()))
    held, missing = describe_objects(repository, ids)
    peeled, _ = describe_objects(repository, [f"{entry.id}^{{}}" for entry in held])
    warned = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "ignoring broken ref" in line]
    return Refs(
        tips=tuple(dict.fromkeys(entry.id for entry in peeled if entry.kind == "commit")),
        tags=frozenset(entry.id for entry in held if entry.kind == "tag"),
        notes=tuple(name for name in named if name.startswith(_NOTES)),
        lost=(*(name for name, id in named.items() if id in missing), *(line.split()[-1] for line in warned)),
        reason=last_line(done.stderr) if done.returncode else "",
    )
