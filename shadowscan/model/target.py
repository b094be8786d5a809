"""What the user pointed at, once understood."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One place to read. `text` is what the user wrote; `format` is a forced format id, empty = recognise."""

    text: str
    source: str
    location: str
    format: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryTarget:
    """One git repository: folder, bare folder or URL. `repo` overrides the name taken from the remote."""

    text: str
    location: str
    repo: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Targets by the room that takes them, in the order given; `skipped` are (path, why) met while walking."""

    targets: tuple[Target, ...]
    repositories: tuple[RepositoryTarget, ...]
    skipped: tuple[tuple[str, str], ...] = ()
