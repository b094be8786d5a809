"""Under `--diff BASE..HEAD`: what people wrote inside the scanned repository, as BASE has it.

A change cannot silence itself: what it adds does not count yet, what it alters or deletes still does. A file that is in
no commit was brought by whoever runs the scan, so it counts.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from shadowscan.config import existing_file
from shadowscan.errors import UsageError
from shadowscan.git.files import has_commit, read_file, read_folder


@dataclass(frozen=True, slots=True)
class BaseFiles:
    """Where a run's files are read. `copies` holds what BASE has; without a range, each is read where it stands.

    `targets` are the repositories whose own files are guarded; none given = any that a file lies in.
    """

    base: str
    head: str
    targets: tuple[str, ...]
    copies: Path

    def locate(self, given: str, names: Sequence[str]) -> Path | None:
        """The file given, else the first of these names in this folder; also one that the change deletes.

        Raises `ConfigError` where a given one is nowhere.
        """
        if given and (Path(given).is_file() or self.find(Path(given)) is None):
            return existing_file(given, names)
        if given:
            return Path(given)
        return next((Path(name) for name in names if self.find(Path(name)) is not None), None)

    def find(self, path: Path) -> Path | None:
        """The file to read in this one's place; None where there is none. Raises where BASE has a link out there."""
        place = self._place(path)
        if place is None:
            return path if path.is_file() else None
        root, name = place
        data = read_file(str(root), self.base, name)
        if data is not None:
            return self._copy(name, data)
        return path if path.is_file() and self._is_in_no_commit(root, name) else None

    def find_folder(self, folder: Path) -> Path:
        """The folder to read in this one's place: what BASE has there, and the files in no commit."""
        place = self._place(folder)
        if place is None:
            return folder
        root, inside = place
        changed = read_folder(str(root), self.head, inside)
        present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.y*ml")}
        files = {name: path.read_bytes() for name, path in present.items() if name not in changed}
        files |= read_folder(str(root), self.base, inside)
        if not files and not folder.is_dir():
            return folder
        (self.copies / inside).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            self._copy(f"{inside}/{name}", data)
        return self.copies / inside

    def refuse_own(self, db: Path) -> None:
        """Raise `UsageError` where the store is a file that the change brings: it would say what is known already."""
        place = self._place(db)
        if place is not None and read_file(str(place[0]), self.head, place[1]) is not None:
            raise UsageError(f"the store {db} is a file of the scanned repository", hint="pass --db :memory:")

    def _is_in_no_commit(self, root: Path, name: str) -> bool:
        return has_commit(str(root), self.base) and read_file(str(root), self.head, name) is None

    def _copy(self, name: str, data: bytes) -> Path:
        copy = self.copies / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(data)
        return copy

    def _place(self, path: Path) -> tuple[Path, str] | None:
        """The scanned repository that the path lies in, and its path there; None where it lies in none.

        Links are not followed first: a change could lead one elsewhere.
        """
        for root in self._roots(path):
            for name in (Path(os.path.abspath(path)), path.resolve()):  # noqa: PTH100 - `absolute` keeps `..`
                if name.is_relative_to(root):
                    return root, name.relative_to(root).as_posix()
        return None

    def _roots(self, path: Path) -> list[Path]:
        if not self.base:
            return []
        folders = [Path(target.removeprefix("git=")) for target in self.targets]
        resolved = path.resolve()
        roots = [Path(os.path.abspath(folder)) for folder in folders]  # noqa: PTH100
        roots += [folder.resolve() for folder in folders or resolved.parents]
        return [root for root in dict.fromkeys(roots) if (root / ".git").exists()]


@contextmanager
def open_base_files(diff: str, targets: Sequence[str]) -> Iterator[BaseFiles]:
    """The files of a run over this range, or over no range; the copies go when it has been read."""
    base, _, head = diff.partition("..")
    with TemporaryDirectory(prefix="shadowscan-base-") as folder:
        yield BaseFiles(base, head.lstrip(".") or "HEAD", tuple(targets), Path(folder).resolve())
