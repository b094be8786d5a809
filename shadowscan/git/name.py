"""The name a repository goes by, and text of others made safe to keep."""

import re
from pathlib import Path

_REMOTE = re.compile(r"(?:^[a-z+]+://[^/]+/|^[^/:@]+@[^:/]+:|^[^/:]+:(?!/))(?P<path>.+)$")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def name_from_remote(url: str) -> str:
    """`owner/name` of a remote URL, lower case, without host, `.git` and credentials; empty where it is a path."""
    found = _REMOTE.match(url.strip())
    if not found or url.startswith("file:"):
        return ""
    parts = [part for part in found["path"].removesuffix("/").removesuffix(".git").split("/") if part]
    return "/".join(parts).lower()


def name_from_folder(location: str) -> str:
    """The folder's own name; a bare folder's without `.git`."""
    path = Path(location.removeprefix("file://")).resolve()
    return (path.parent if path.name == ".git" else path).name.removesuffix(".git")


def without_credentials(text: str) -> str:
    """The text with user and password of every URL in it left out."""
    return _CREDENTIALS.sub("", text)


def printable(raw: bytes) -> str:
    """Bytes of a path or an author as text; control and direction characters are written as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
