r"""Logs of containers as Kubernetes keeps them on a node, and as `kubectl logs` prints them: text.

Real shapes: the CRI format of `/var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log` and `/var/log/containers/*.log`, and
`kubectl logs` with `--timestamps`, `--prefix` or both::

    2026-08-01T00:00:03.123456789Z stdout F [INFO] 10.1.0.21:53116 - 24044 "A IN api.openai.com. udp 45 false 1232" …
    2026-08-01T00:00:03.123456789Z stderr P the start of a line longer than 16 KiB, which the next line goes on with
    [pod/coredns-5d78c9869d-8xk2p/coredns] 2026-08-01T00:00:03.123456789Z [INFO] 10.1.0.21:53117 - …

What follows is one record of the log inside. Its time is kept before it where a format reads the log with it: CoreDNS
writes none of its own. Pods that are printed together are kept apart by container: each is an object of its own, named
`OBJECT!CONTAINER` where there is more than one. Taken for a container only where a format knows what is inside.

Sources: the CRI log format, https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md;
`kubectl logs --help`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shadowscan.collect.containers._time_before import head_of, needs_time
from shadowscan.collect.containers.interface import MARK, Part, Unwrapped
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.collect.recognise import is_known
from shadowscan.collect.unreadable import MAX_LINE_BYTES, read_lines
from shadowscan.engines.duckdb import DuckDBEngine

LOOKED_AT = 200
MAX_PARTS = 64  # containers of one object that are kept apart; more are no pods of one service

# A prefix or a stream tells such a line; a time alone only where one of the first is as fine as runtimes write it, and
# other logs do not: past the microsecond.
_LINE = re.compile(
    rb"(?:\[(?:pod/)?[\w.-]+/(?P<container>[\w.-]+)\] )?"
    rb"(?:(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?:Z|[+-]\d\d:\d\d)) )?"
    rb"(?:(?P<stream>stdout|stderr) (?P<tag>[FP])(?::\S*)? )?"
)
_FINE = len(".123456")


@dataclass(frozen=True, slots=True)
class _Line:
    container: str
    time: bytes
    is_partial: bool
    is_sure: bool
    message: bytes

    @property
    def timed(self) -> bytes:
        return self.time + b" " + self.message if self.time else self.message


class KubernetesLog:
    """Text of container runtimes and of `kubectl logs`."""

    id = "kubernetes_log"
    title = "Kubernetes container logs (CRI, kubectl logs)"
    is_certain = False

    def peek(self, head: Head) -> Head | None:
        """The first lines of one container, of a known log where there is one; None where a line has another shape."""
        found = _head_lines(head)
        heads = [_inside(head.name, lines) for lines in found.values()]
        return next((one for one in heads if is_known(one)), heads[0] if heads else None)

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """The lines of each container, joined where the runtime broke them."""
        timed = {
            name: needs_time([_text(line.timed) for line in lines], [_text(line.message) for line in lines])
            for name, lines in _head_lines(item.head).items()
        }
        writer = _Writer(folder, timed)
        with writer:
            for line, _ in read_lines(Path(item.path)):
                writer.add(_read(line.rstrip(b"\r\n")))
        return Unwrapped(writer.parts())


CONTAINER = KubernetesLog()


class _Writer:
    """One file a container; holds what is under way of a broken line."""

    def __init__(self, folder: Path, timed: Mapping[str, bool]) -> None:
        self._folder = folder
        self._timed = timed
        self._files: dict[str, IO[bytes]] = {}
        self._held: dict[str, bytes] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        for name, text in self._held.items():
            self._write(name, text)
        self._stack.close()

    def add(self, line: _Line | None) -> None:
        """Write a line, or a mark for one that has another shape."""
        if line is None:
            self._write(next(iter(self._files), ""), MARK.encode())
            return
        name = line.container if line.container in self._files or len(self._files) < MAX_PARTS else ""
        text = line.timed if self._timed.get(name, any(self._timed.values())) else line.message
        if name in self._held:
            held = self._held.pop(name)
            text = held if len(held) > MAX_LINE_BYTES else held + line.message
        if line.is_partial:
            self._held[name] = text
        else:
            self._write(name, text)

    def parts(self) -> list[Part]:
        """The logs written; one alone has no name."""
        names = sorted(self._files)
        return [Part(name if len(names) > 1 else "", Path(self._files[name].name)) for name in names]

    def _write(self, name: str, text: bytes) -> None:
        if name not in self._files:
            path = self._folder / f"messages-{len(self._files)}.txt"
            self._files[name] = self._stack.enter_context(path.open("wb"))
        self._files[name].write(text + b"\n")


def _head_lines(head: Head) -> dict[str, list[_Line]]:
    """The first lines by container; empty where one has another shape."""
    found: dict[str, list[_Line]] = {}
    for text in _first(head):
        line = _read(text)
        if line is None:
            return {}
        found.setdefault(line.container, []).append(line)
    return found if any(line.is_sure for lines in found.values() for line in lines) else {}


def _first(head: Head) -> Iterator[bytes]:
    return (line.encode() for line in head.lines[:LOOKED_AT] if line.strip())


def _inside(name: str, lines: Sequence[_Line]) -> Head:
    timed, bare = [_text(line.timed) for line in lines], [_text(line.message) for line in lines]
    return head_of(name, timed if needs_time(timed, bare) else bare)


def _read(line: bytes) -> _Line | None:
    """The parts of a line; None where it is none of a container's."""
    match = _LINE.match(line)
    if match is None or not match[0]:
        return None
    is_sure = bool(match["container"] or match["stream"]) or len(match["fraction"] or b"") > _FINE
    time, container = match["time"] or b"", _text(match["container"] or b"")
    return _Line(container, time, match["tag"] == b"P", is_sure, line[match.end() :])


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
