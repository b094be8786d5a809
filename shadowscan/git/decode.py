"""Other forms in which text lies in a file: UTF-16, base64, percent-encoding, members of archives. Bounded."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import unquote_to_bytes

from shadowscan.git.archive import MARKS, Budget, unfold
from shadowscan.secrets.gate import BASE64, Signs

TOKENS, TOKEN_BYTES = 2000, 1024 * 1024
OVERLAP = 4096  # longer than any key: one at a cut is whole in the next piece
_TOKEN = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
_ENCODED = re.compile(rb"(?i)%(?:2[bdf]|5f)")
PERCENT, OTHER = "percent-encoding", "other secrets"
FORMS = {PERCENT: _ENCODED.pattern}  # what the gate is to tell of besides keys
HEAD = 400  # bytes by which UTF-16 is recognised
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UNPLAIN = (*MARKS, *_UTF16_MARKS)


@dataclass(frozen=True, slots=True)
class View:
    """One readable form, and what may be in it. `member` names an archive's member, `a!b` in a nested one.

    `line` is the outer line where the form is one token of it.
    """

    data: bytes
    signs: Signs
    member: str = ""
    line: int = 0
    form: str = ""


def is_plain(head: bytes) -> bool:
    """Whether content that begins so is text as it stands: no archive, no UTF-16, no zero byte."""
    return not head.startswith(_UNPLAIN) and b"\0" not in head[:HEAD]


def views(data: bytes, signs: Callable[[bytes], Signs], budget: Budget) -> Iterator[View]:
    """Each form of the content in which something may be; an archive's members come before the archive's own bytes."""
    for member, content in unfold(data, budget):
        for view in _text_views(content, signs):
            if view.signs.formats or OTHER in view.signs.forms:
                yield replace(view, member=member) if member else view


def _text_views(data: bytes, signs: Callable[[bytes], Signs]) -> Iterator[View]:
    text = from_utf16(data)
    plain = data if text is None else text
    told = signs(plain)
    yield View(plain, told, form="" if text is None else "UTF-16")
    for name, decoded in _FORMS.items():
        for at, part in decoded(plain) if name in told.forms else ():
            inside = signs(part)
            if inside:
                yield View(part, inside, line=plain.count(b"\n", 0, at) + 1, form=name)


def _percent_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line with an escape that a key could be written with, decoded; found by offsets, so in linear time."""
    end = -1
    for found in _ENCODED.finditer(data):
        if found.start() < end:
            continue
        begin = data.rfind(b"\n", 0, found.start()) + 1
        following = data.find(b"\n", found.end())
        end = len(data) if following < 0 else following
        for at in range(begin, end, TOKEN_BYTES - OVERLAP):
            yield begin, unquote_to_bytes(data[at : min(at + TOKEN_BYTES, end)])


def _tokens(data: bytes) -> Iterator[tuple[int, bytes]]:
    for found in islice(_TOKEN.finditer(data), TOKENS):
        token = found.group()[:TOKEN_BYTES].rstrip(b"=")
        with suppress(binascii.Error):
            yield found.start(), base64.b64decode(token[: len(token) - (len(token) % 4 == 1)] + b"==")


_FORMS = {PERCENT: _percent_lines, BASE64: _tokens}


def from_utf16(data: bytes) -> bytes | None:
    """UTF-8 of a UTF-16 text, by byte order mark or by its zero bytes; None where it is not one."""
    head = data[:HEAD]
    if head.startswith(_UTF16_MARKS):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    if len(head) < 8 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) and even == 0:
        return data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if even > 0.4 * len(head) and odd == 0:
        return data.decode("utf-16-be", "replace").encode("utf-8", "replace")
    return None
