"""CloudTrail's documents as JSON lines, without looking at every bracket.

Every record begins with `{"eventVersion":`, and after a comma that text is in no string, where its quotes would have a
backslash before them. So a document as AWS delivers it is cut where that text is, at a fraction of what cutting at
brackets costs. A document of another layout goes the general way.
"""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shadowscan.collect.formats._json_lines import CHUNK_BYTES, Laid, Refused, lay_lines
from shadowscan.collect.formats.interface import LocalObject

OPENING = b'{"Records":['
RECORD = b'{"eventVersion":'
ENDING = b"]}"
HELD_BYTES = 1024  # the beginning of a record that the next chunk ends, or the end of the document and blanks after it
_BREAKS = bytes.maketrans(b"\r\n", b"  ")


@contextmanager
def lay_cloudtrail(items: Sequence[LocalObject]) -> Iterator[Laid]:
    """Give every object as JSON lines; the copies live as long as the block."""
    others = [item for item in items if not item.head.data.startswith(OPENING + RECORD)]
    copies = {item.source_id: Path(f"{item.path}.events.txt") for item in items if item not in others}
    try:
        refused = {
            item.source_id: _cut_file(Path(item.path), copies[item.source_id])
            for item in items
            if item.source_id in copies
        }
        with lay_lines(others) as laid:
            paths = dict(zip((item.source_id for item in others), laid.paths, strict=True))
            paths |= {source_id: str(copy) for source_id, copy in copies.items()}
            yield Laid([paths[item.source_id] for item in items], laid.refused | refused)
    finally:
        for copy in copies.values():
            copy.unlink(missing_ok=True)


def _cut_file(source: Path, target: Path) -> Refused:
    """Write the records of a document one a line; says where it has no end. Raises what a broken gzip stream raises."""
    held, refused = b"", Refused()
    with gzip.open(source) if source.suffix == ".gz" else source.open("rb") as file, target.open("wb") as out:
        file.read(len(OPENING))
        while chunk := file.read(CHUNK_BYTES):
            text = (held + chunk.translate(_BREAKS)).replace(b"," + RECORD, b"\n" + RECORD)
            out.write(text[:-HELD_BYTES])
            held = text[-HELD_BYTES:]
        end = held.rstrip()
        if not end.endswith(ENDING):
            refused.add("the file ends inside a record")
        out.write(end.removesuffix(ENDING) + b"\n")
    return refused
