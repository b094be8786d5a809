"""Small objects read whole in Python: ownership files and inventories, never bulk evidence."""

import gzip
import zlib
from pathlib import Path

from shadowscan.collect.formats.interface import LocalObject
from shadowscan.errors import BadInputError, Location

MAXIMUM_BYTES = 256_000_000


def read_object(item: LocalObject) -> str:
    """The object's text; raises `BadInputError` where it is too large, cut short or not UTF-8."""
    place = Location(item.name)
    try:
        with gzip.open(item.path) if item.path.endswith(".gz") else Path(item.path).open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInputError(
            f"the compressed file is damaged: {error}", hint="fetch it again", location=place
        ) from error
    if len(data) > MAXIMUM_BYTES:
        raise BadInputError(f"larger than {MAXIMUM_BYTES // 1_000_000} MB", hint="split the file", location=place)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInputError("not UTF-8 text", hint="save it as UTF-8", location=Location(item.name, line)) from error
