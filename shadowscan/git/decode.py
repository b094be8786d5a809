"""Other forms in which text lies in a file: UTF-16, base64, percent and JSON escapes, members of archives. Bounded.

Each form is the whole content with what was encoded put in plain, so that the words around a key and its line stay.
"""

import re
from binascii import a2b_base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

from shadowscan.git.archive import MARKS, Budget, unfold
from shadowscan.secrets.gate import BASE64, Signs

WIDE, PERCENT, JSON, OTHER = "UTF-16", "percent-encoding", "JSON escapes", "other secrets"
# A token, and the lines it goes on over where they are as long as encoders wrap them (76 in MIME, 64 in PEM).
_TOKEN = re.compile(rb"[A-Za-z0-9+/]{24,}(?:(?<=[A-Za-z0-9+/]{60})\r?\n[ \t]*[A-Za-z0-9+/]+)*={0,2}")
_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_RUNS, _LONG_RUN = bytes(byte in _ALPHABET for byte in range(256)), b"\1" * 24
# Characters that keys are written with, `%25` where the percent sign was encoded again.
_PERCENT = re.compile(rb"%(?:25)?(?:2[BDEFbdef]|3[ADad]|5[Ff])")
_BREAK = re.compile(rb"%0[ADad]")
_JSON = re.compile(rb"\\(?:/|u00(?:2[BDEFbdef]|3[ADad]|5[Ff]))")
# What the gate is to tell of besides keys. A slash is escaped in many a text, so only one within a long word counts.
FORMS = {
    WIDE: rb"(?:[\x20-\x7e]\x00){20}",
    PERCENT: _PERCENT.pattern,
    JSON: rb"\\u00(?:2[BDEFbdef]|3[ADad]|5[Ff])|[A-Za-z0-9+]{8}\\/[A-Za-z0-9+]",
}
HEAD = 400  # bytes by which UTF-16 is recognised
_IS_BASE64 = re.compile(rb"\s{0,8}[A-Za-z0-9+/]{60}")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
LFS = b"version https://git-lfs"  # of a file that lies elsewhere
_UNPLAIN = (*MARKS, *_UTF16_MARKS, LFS)
_SPACES = bytes.maketrans(b"\n\r", b"  ")


@dataclass(frozen=True, slots=True)
class View:
    """One readable form, and what may be in it. `member` names an archive's member, `a!b` in a nested one."""

    data: bytes
    signs: Signs
    member: str = ""
    form: str = ""


def is_plain(head: bytes) -> bool:
    """Whether content whose first `HEAD` bytes these are is text as it stands: no archive, UTF-16, base64, pointer."""
    return not head.startswith(_UNPLAIN) and b"\0" not in head and not _IS_BASE64.match(head)


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
    yield View(plain, told, form="" if text is None else WIDE)
    for name, decoded in _DECODERS.items():
        if name in told.forms or (name == BASE64 and _IS_BASE64.match(plain)):
            form = decoded(plain)
            inside = signs(form)
            if inside:
                yield View(form, inside, form=name)


def narrowed(data: bytes) -> bytes:
    """Binary content with its UTF-16 strings in plain: zero bytes go, what ended a string becomes a space."""
    return data.replace(b"\0\0\0", b" ").replace(b"\0", b"")


def without_percent(data: bytes) -> bytes:
    """The content with its percent-encoding undone, at most twice; encoded line breaks become spaces."""
    for _ in range(2):
        data = unquote_to_bytes(_BREAK.sub(b"%20", data))
        if not _PERCENT.search(data):
            break
    return data


def without_json_escapes(data: bytes) -> bytes:
    """The content with the escapes of what keys are written with undone."""
    return _JSON.sub(_unescape, data)


def without_base64(data: bytes) -> bytes:
    """The content with every base64 token decoded where it stands; tokens are found some ten times faster as runs."""
    runs, parts, done = data.translate(_RUNS), [], 0
    while (at := runs.find(_LONG_RUN, done)) >= 0:
        token = _TOKEN.match(data, at)
        assert token is not None  # noqa: S101 - a run is one
        parts += [data[done:at], _decode(token.group())]
        done = token.end()
    return b"".join((*parts, data[done:]))


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    WIDE: narrowed,
    PERCENT: without_percent,
    JSON: without_json_escapes,
    BASE64: without_base64,
}


def _unescape(found: re.Match[bytes]) -> bytes:
    return b"/" if found.group() == b"\\/" else bytes([int(found.group()[-2:], 16)])


def _decode(token: bytes) -> bytes:
    """The token's content on one line, and as many line breaks after it as it went over."""
    lines = token.count(b"\n")
    joined = (b"".join(token.split()) if lines else token).rstrip(b"=")
    decoded = a2b_base64(joined[: len(joined) - (len(joined) % 4 == 1)] + b"==")
    return decoded.translate(_SPACES) + b"\n" * lines


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
