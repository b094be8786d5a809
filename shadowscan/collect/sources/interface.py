"""The port of a source: where bytes live. It lists objects and brings one at a time to local disk.

A source is one module of this folder with a module-level `SOURCE` object that serves this protocol.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from shadowscan.model.window import Window


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """One object as listed. `version` changes when the content does (etag and size, mtime and size).

    `may_be_empty` is a window of time in which nothing happened: known once read, and no file that was forgotten.
    """

    name: str
    version: str
    size_bytes: int
    modified_at: datetime | None
    may_be_empty: bool = False


class Source(Protocol):
    """One kind of place. `id` is the module's name."""

    id: str

    def accepts(self, target: str) -> bool:
        """Whether this target text is ours (`s3://…`, `gcp-logging:…`, `-`, a path)."""
        ...

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """Objects of the target in name order; raises `TargetError` where it does not exist."""
        ...

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Bring the object's bytes to local disk (in `folder`, or where they are); raises `BadInputError`."""
        ...
