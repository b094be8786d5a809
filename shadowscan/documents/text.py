"""The bytes of a file a person wrote, as text."""

from collections.abc import Callable
from pathlib import Path

from shadowscan.errors import ConfigError, Location

MAXIMUM_BYTES = 2_000_000
# The file to read in a path's place, None where there is none: under `--diff`, what BASE has there.
Find = Callable[[Path], Path | None]


def as_it_stands(path: Path) -> Path | None:
    """The file itself."""
    return path


def read_text(path: Path, find: Find = as_it_stands) -> str:
    """The text of a file a person wrote; raises `ConfigError` where it is missing, huge or not UTF-8.

    What `find` gives is read; errors speak of `path`, which the person knows.
    """
    try:
        data = (find(path) or path).read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read it: {error.strerror}", location=Location(str(path))) from error
    if len(data) > MAXIMUM_BYTES:
        raise ConfigError(f"larger than {MAXIMUM_BYTES // 1_000_000} MB", location=Location(str(path)))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError("not UTF-8 text", hint="save it as UTF-8", location=Location(str(path), line)) from error
