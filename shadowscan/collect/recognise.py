"""Which format an object has: every format looks at the head, the surest wins."""

from dataclasses import dataclass
from functools import cache

from shadowscan.collect.formats.interface import Format, Head
from shadowscan.errors import BadInputError, UsageError
from shadowscan.plugins import iter_modules, unit_names

FORMATS = "shadowscan.collect.formats"
SURE_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """No format is sure enough. `nearest` is the best guess, empty where every format says no."""

    nearest: str


@cache
def load_formats() -> dict[str, Format]:
    """All formats by id, sorted by id."""
    return {module.FORMAT.id: module.FORMAT for module in iter_modules(FORMATS)}


def is_format(word: str) -> bool:
    """Whether the word before `=` names a format; `-` and `_` are equal."""
    return word.replace("-", "_") in unit_names(FORMATS)


def find_format(word: str) -> Format:
    """The format of this id; raises `UsageError` where there is none."""
    known = load_formats()
    if word.replace("-", "_") not in known:
        raise UsageError(f"no format {word!r}", hint=f"formats: {', '.join(known)}")
    return known[word.replace("-", "_")]


def recognise(head: Head) -> Format | Unrecognised:
    """The surest format at 0.5 or more; raises `BadInputError` where two are equally sure."""
    scores = sorted(((found.sniff(head), found.id) for found in load_formats().values()), key=lambda s: (-s[0], s[1]))
    if not scores or scores[0][0] < SURE_ENOUGH:
        return Unrecognised(scores[0][1] if scores and scores[0][0] > 0 else "")
    if len(scores) > 1 and scores[0][0] == scores[1][0]:
        raise BadInputError(
            f"{head.name} looks like {scores[0][1]} and like {scores[1][1]}", hint="say which with FORMAT=TARGET"
        )
    return load_formats()[scores[0][1]]


def is_known(head: Head) -> bool:
    """Whether some format takes it; known to two as well, which is said when it is taken."""
    try:
        return not isinstance(recognise(head), Unrecognised)
    except BadInputError:
        return True
