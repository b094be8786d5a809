"""The shipped vendor files as one JSON document, so that a start does not read a thousand YAML files.

The build of the package writes it (`hatch_build.py`), and `make catalog-check`. Each file's document stands under the
digest of that file's bytes and of the code that checked it: a file that was edited since, or another version of the
checks, is read anew. So the artefact can be stale or missing without anything being wrong, only slower.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shadowscan.errors import ShadowscanError

FOLDER = Path(__file__).parent
ARTEFACT = FOLDER / "_compiled.json"
CHECKED_BY = ("entry.py", "entry_host.py", "entry_key.py", "entry_regions.py", "build.py", "refuse.py")


def digest_of(data: bytes) -> str:
    """Name of a file's content under the present checks."""
    return hashlib.sha256(_checks() + data).hexdigest()


def read_compiled(path: Path = ARTEFACT) -> Mapping[str, Any]:
    """Checked documents by `digest_of` their file; empty where there is no artefact, or a broken one."""
    try:
        documents = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return documents if isinstance(documents, dict) else {}


def write_compiled(documents: Iterable[tuple[bytes, Mapping[str, Any]]], path: Path = ARTEFACT) -> None:
    """Write the artefact from (file content, checked document) pairs."""
    text = json.dumps({digest_of(data): document for data, document in documents}, sort_keys=True, ensure_ascii=False)
    beside = path.with_name(f".{path.name}.{os.getpid()}")  # in one step: a start may read it now
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


@cache
def _checks() -> bytes:
    try:
        return hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in CHECKED_BY)).digest()
    except OSError as error:
        raise ShadowscanError(f"the installed package is not complete: {error}") from error
