r"""Logs that went through syslog: the header of RFC 3164 or RFC 5424, or of a collector's file, before each line.

Real shapes::

    Aug  1 00:00:14 lb1 haproxy[14389]: 10.0.1.5:33317 [01/Aug/2026:00:00:14.655] egress openai/srv1 …
    <134>Aug  1 00:00:01 proxy1 (squid-1): 1785542400.391    104 10.0.1.5 TCP_TUNNEL/200 28854 CONNECT …
    2026-08-01T00:00:05.123456+00:00 proxy1 nginx: 10.0.1.5 - - [01/Aug/2026:00:00:02 +0000] "CONNECT …
    <14>1 2026-08-01T00:00:05.123Z fw1 - - - - date=2026-08-01 time=00:00:05 …
    <189>date=2026-08-01 time=00:00:05 …

What follows is one record of the log inside. Taken for a container only where a format knows what follows, and none
reads the lines with their header: a log whose lines have no other time is left whole. Lines that have no header stay as
they are, for the format to judge. A file in which many programs write is not taken apart.

Sources: https://www.rfc-editor.org/rfc/rfc3164 section 4, https://www.rfc-editor.org/rfc/rfc5424 section 6,
https://www.rsyslog.com/doc/configuration/templates.html (`RSYSLOG_FileFormat`).
"""

import re
from pathlib import Path

from shadowscan.collect.containers.interface import Part, Unwrapped
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.collect.recognise import is_known
from shadowscan.collect.unreadable import read_lines
from shadowscan.engines.duckdb import DuckDBEngine

LOOKED_AT = 20

_PRIORITY = rb"<\d{1,3}>"
_TIME = (
    rb"[A-Z][a-z]{2} [ 0-3]?\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
_TAG = rb"[\w./()-]{1,48}(?:\[\d{1,10}\])?: "
_PROCESS = rb"[\w./()-]{1,48}\[\d{1,10}\]: ?"
_NEW = _PRIORITY + rb"1 \S+ \S+ \S+ \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*+\])++) ?(?:\xef\xbb\xbf)?"
_OLD = rb"(?:" + _PRIORITY + rb")?(?:" + _TIME + rb") \S+ (?:" + _TAG + rb")?"
_HEADER = re.compile(rb"(?:%b|%b|%b|%b)" % (_NEW, _OLD, _PROCESS, _PRIORITY))


class Syslog:
    """Lines with a syslog header."""

    id = "syslog"
    title = "Syslog (RFC 3164, RFC 5424, files of a collector)"
    is_certain = False

    def peek(self, head: Head) -> Head | None:
        """The first lines without their headers, where every one has one and no format reads it."""
        lines = [line.encode() for line in head.lines[:LOOKED_AT] if line.strip()]
        if not lines or not all(_HEADER.match(line) for line in lines):
            return None
        messages = [_message(line) for line in lines]
        is_json = messages[0].startswith(b"{")  # cut out of its lines it would be read, and the headers rejected
        return None if not is_json and is_known(head) else Head(head.name, b"".join(messages))

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """Every line without its header."""
        target = folder / "messages.txt"
        with target.open("wb") as out:
            out.writelines(_message(line) for line, _ in read_lines(Path(item.path)))
        return Unwrapped([Part("", target)])


CONTAINER = Syslog()


def _message(line: bytes) -> bytes:
    found = _HEADER.match(line)
    return line[found.end() if found else 0 :].rstrip(b"\r\n") + b"\n"
