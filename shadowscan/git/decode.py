"""Other forms in which text lies in a file: UTF-16, base64, percent-encoding, members of archives. Bounded."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from shadowscan.git.archive import Budget, unfold

TOKENS, TOKEN_BYTES = 2000, 1024 * 1024
OVERLAP = 4096  # longer than any key: one at a cut is whole in the next piece
_TOKEN = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
_ENCODED = re.compile(rb"(?i)%(?:2[bdf]|5f)")


@dataclass(frozen=True, slots=True)
class View:
    """One readable form. `member` names an archive's member, `a!b` in a nested one.

    `line` is the outer line where the form is one token of it.
    """

    data: bytes
    member: str = ""
    line: int = 0
    form: str = ""


def views(data: bytes, may_hold_base64: Callable[[bytes], bool], budget: Budget) -> Iterator[View]:
    """The content itself with each decoded form of it; an archive's members come before the archive's own bytes."""
    for member, content in unfold(data, budget):
        for view in _text_views(content, may_hold_base64):
            yield View(view.data, member, view.line, view.form) if member else view


def _text_views(data: bytes, may_hold_base64: Callable[[bytes], bool]) -> Iterator[View]:
    text = from_utf16(data)
    yield View(data if text is None else text, form="" if text is None else "UTF-16")
    plain = data if text is None else text
    if b"%" in plain:
        yield from _percent_lines(plain)
    if may_hold_base64(plain):
        yield from _tokens(plain)


def _percent_lines(data: bytes) -> Iterator[View]:
    """Each line with an escape that a key could be written with, decoded; found by offsets, so in linear time."""
    end = -1
    for found in _ENCODED.finditer(data):
        if found.start() < end:
            continue
        begin = data.rfind(b"\n", 0, found.start()) + 1
        following = data.find(b"\n", found.end())
        end = len(data) if following < 0 else following
        line = data.count(b"\n", 0, begin) + 1
        for at in range(begin, end, TOKEN_BYTES - OVERLAP):
            yield View(unquote_to_bytes(data[at : min(at + TOKEN_BYTES, end)]), line=line, form="percent-encoding")


def _tokens(data: bytes) -> Iterator[View]:
    for count, found in enumerate(_TOKEN.finditer(data)):
        if count >= TOKENS:
            return
        token = found.group()[:TOKEN_BYTES].rstrip(b"=")
        try:
            decoded = base64.b64decode(token[: len(token) - (len(token) % 4 == 1)] + b"==")
        except binascii.Error:
            continue
        yield View(decoded, line=data.count(b"\n", 0, found.start()) + 1, form="base64")


def from_utf16(data: bytes) -> bytes | None:
    """UTF-8 of a UTF-16 text, by byte order mark or by its zero bytes; None where it is not one."""
    head = data[:400]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    if len(head) < 8 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) and even == 0:
        return data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if even > 0.4 * len(head) and odd == 0:
        return data.decode("utf-16-be", "replace").encode("utf-8", "replace")
    return None
