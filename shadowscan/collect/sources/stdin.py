"""Standard input, as the target `-`. Known by its content alone: the same bytes again are not taken twice."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.model.window import Window


class StdinSource:
    """One object: everything on standard input."""

    id = "stdin"

    def accepts(self, target: str) -> bool:
        """Only `-`."""
        return target == "-"

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """One object without a version."""
        yield RemoteObject("-", "", 0, None)

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Spool to disk, since a format reads its input more than once."""
        path = folder / "stdin"
        with path.open("wb") as out:
            shutil.copyfileobj(sys.stdin.buffer, out)
        return path


SOURCE = StdinSource()
