"""A detect-secrets baseline of the keys that stand in files now, made with the keys in hand and never from the store.

That format names each secret by the unsalted SHA-1 of its value. It is worked out here, for the one file the user asks
for; nothing else keeps it (ADR 15).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from shadowscan.secrets.match import Found

# What detect-secrets' own plugins do not see: it is listed for a reader, and for `baseline import`.
KIND = "LLM Vendor Key"


def baseline_of(root: Path, files: Iterable[tuple[str, Sequence[Found]]]) -> dict[str, Any]:
    """The document, with detect-secrets' default settings in it. `files` are (path from the root, keys in it).

    Where detect-secrets sees a secret on a key's line, its own entries are taken, since it will compare with those.
    """
    from detect_secrets.core.baseline import format_for_output
    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import default_settings

    with default_settings():
        kept = SecretsCollection(root=str(root))
        for path, keys in files:
            theirs = SecretsCollection(root=str(root))
            theirs.scan_file(path)
            kept[path].update(_entries(path, keys, theirs[path]))
        return dict(format_for_output(kept))


def _entries(path: str, keys: Sequence[Found], theirs: Iterable[Any]) -> Iterable[Any]:
    from detect_secrets.core.potential_secret import PotentialSecret

    lines = {key.line for key in keys}
    seen = [secret for secret in theirs if secret.line_number in lines]
    for secret in seen:
        secret.filename = path  # it named the file by the way it was reached, and compares by that name
        yield secret
    for key in keys:
        if key.line not in {secret.line_number for secret in seen}:
            yield PotentialSecret(KIND, path, key.secret.reveal().decode("ascii", "replace"), key.line)
