r"""CloudWatch Logs exported to a bucket by an export task: gzip text, the event's time before each message.

Real shape, `exportedlogs/TASK-ID/LOG-STREAM/000000.gz`::

    2026-08-01T00:00:00.000Z 2 123456789012 eni-0a1b2c 10.0.1.5 203.0.113.10 49152 443 6 12 5840 1785542400 …

What follows the time is one record of the log inside. Taken for a container only where a format knows what follows,
since many text logs begin with a time of their own; one that a format reads with that time, such as CoreDNS's, which
has no other, is left as it is.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html.
"""

import re
from pathlib import Path

from shadowscan.collect.containers._time_before import head_of, needs_time
from shadowscan.collect.containers.interface import Part, Unwrapped
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.collect.unreadable import read_lines
from shadowscan.engines.duckdb import DuckDBEngine

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
_TIME_BYTES = len("2026-08-01T00:00:00.000Z ")
LOOKED_AT = 20


class CloudWatchExport:
    """Text of an export task."""

    id = "cloudwatch_export"
    title = "CloudWatch Logs export task (text)"
    is_certain = False

    def peek(self, head: Head) -> Head | None:
        """The first lines without their times, where every one has one."""
        lines = [line for line in head.lines[:LOOKED_AT] if line.strip()]
        if not lines or not all(_TIME.match(line) for line in lines):
            return None
        bare = [line[_TIME_BYTES:] for line in lines]
        return None if needs_time(lines, bare) else head_of(head.name, bare)

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """Every line without its time; a line that has none is kept as it is, for its format to judge."""
        target = folder / "messages.txt"
        with target.open("wb") as out:
            out.writelines(_message(line) for line, _ in read_lines(Path(item.path)))
        return Unwrapped([Part("", target)])


CONTAINER = CloudWatchExport()


def _message(line: bytes) -> bytes:
    return line[_TIME_BYTES:] if _TIME.match(line[:_TIME_BYTES].decode("utf-8", errors="replace")) else line
