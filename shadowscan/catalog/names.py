"""From text as logs and people write it to a host name in lower case ASCII, or to what is wrong with it.

One final dot is the root's and is taken off. International names become what the DNS carries (UTS 46, as browsers do
it: https://www.unicode.org/reports/tr46/), so that full-width or upper-case spellings match and look-alike letters do
not. Underscores stay: service records have them.
"""

import re
from collections.abc import Iterator, Sequence

MAXIMUM_LENGTH = 253  # RFC 1035, without the final dot
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_PORT = re.compile(r"([^:\s]+|\[[^\]\s]*\]):\d+")
_RANGE = re.compile(r"[0-9a-f.:]+/\d{1,3}")


class NotANameError(ValueError):
    """Why a text is neither a host name nor an address."""


def read_name(text: str) -> str:
    """The name that `text` spells; raises `NotANameError` with words for the person who gave it."""
    name = text.lower()
    if not name.isascii() and len(name) <= MAXIMUM_LENGTH:
        name = _ascii(name)
    labels = name.removesuffix(".").split(".")
    if all(map(_LABEL.fullmatch, labels)) and len(name) <= MAXIMUM_LENGTH + 1 and not labels[-1].isdigit():
        return name.removesuffix(".")
    raise NotANameError(next(_faults(name, labels)))


def _ascii(name: str) -> str:
    import idna

    try:
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels)
    except (idna.IDNAError, UnicodeError) as error:
        raise NotANameError("not a valid international name") from error


def _faults(name: str, labels: Sequence[str]) -> Iterator[str]:
    """What is wrong, the most telling first."""
    if not name:
        yield "empty"
    if _RANGE.fullmatch(name):
        yield "a range, not an address"
    if "/" in name:
        yield f"a URL, not a host: give {_host_of(name)}" if _host_of(name) else "a URL, not a host"
    if _PORT.fullmatch(name):
        yield f"a port stands behind it: give {name.rpartition(':')[0].strip('[]')[:MAXIMUM_LENGTH]}"
    if "@" in name:
        yield "a mail address, not a host"
    if "*" in name:
        yield "a pattern, not a host"
    if len(name) > MAXIMUM_LENGTH + 1 or any(len(label) > 63 for label in labels):
        yield "longer than a host name can be"
    if "" in labels:
        yield "an empty label: dots stand together, or in front"
    if all(map(_LABEL.fullmatch, labels)):
        yield "neither an address nor a host name: it ends in a number"
    yield "not a host name or address"


def _host_of(url: str) -> str:
    rest = url.partition("://")[2] if "://" in url else url
    return re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2][:MAXIMUM_LENGTH]
