"""Log lines described by the format string that a proxy's own configuration has, read with one expression.

A layout is that string, such as `$remote_addr [$time_local] "$request"`. What stands between its codes must be there; a
code's value runs up to the character that follows it. Blanks stand for one or more, since codes may be padded. What
follows a layout on a line, past a blank, is left alone: a site adds fields at the end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.errors import BadInputError

LOOKED_AT = 50
LONGEST = 4096  # of a line that recognition looks at
MAX_LAYOUT = 4096


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a product writes codes in a layout, and what they are.

    `code` matches one code; `meaning` gives the name under which its value is kept, empty where it is not; `values` are
    expressions for the values of some names, where "up to the next character" does not do.
    """

    code: re.Pattern[str]
    meaning: Callable[[re.Match[str]], str]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A layout as one RE2 expression over a line, and the names of its groups in order."""

    expression: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of an object are written: by one pattern, or each by one of several, the first that fits."""

    patterns: tuple[Pattern, ...]

    @property
    def key(self) -> str:
        """Objects of one key are read in one call."""
        return "\n".join(one.expression for one in self.patterns)

    @property
    def names(self) -> frozenset[str]:
        """What some line may have."""
        return frozenset(name for one in self.patterns for name in one.names)

    @property
    def parameters(self) -> dict[str, object]:
        """What `read` binds: a layout may be a user's."""
        return {f"expression_{n}": one.expression for n, one in enumerate(self.patterns)}

    def read(self, names: Sequence[str]) -> str:
        """SQL over `log_line` giving `file`, `line`, `is_matched` and each of these names as text.

        Null where the line or the layout has none, or a dash.
        """
        parts = [f"regexp_extract(text, $expression_{n}, {list(one.names)}) as part_{n}" for n, one in self._numbered]
        matched = [f"part_{n}.{name}" for n, one in self._numbered for name in one.names]
        columns = [f"{self._value_of(name)} as {name}" for name in names]
        return READ.format(columns=",\n  ".join(columns), parts=", ".join(parts), matched=" || ".join(matched))

    @property
    def _numbered(self) -> list[tuple[int, Pattern]]:
        return list(enumerate(self.patterns))

    def _value_of(self, name: str) -> str:
        found = [f"nullif(nullif(part_{n}.{name}, ''), '-')" for n, one in self._numbered if name in one.names]
        return f"coalesce({', '.join(found)})" if found else "null::varchar"


READ = """
select
  file,
  line,
  ({matched}) <> '' as is_matched,
  {columns}
from (
  select file, line, {parts}
  from log_line
)
"""


def compile_layout(layout: str, syntax: Syntax) -> Pattern:
    """The expression for a layout. A name that comes twice is kept where it comes first."""
    found = list(syntax.code.finditer(layout))
    ends = [*(one.start() for one in found), len(layout)][1:]
    parts, names = ["^ *", _literal(layout[: found[0].start()] if found else layout)], list[str]()
    for one, end in zip(found, ends, strict=True):
        following = layout[one.end() : end]
        name = syntax.meaning(one)
        value = syntax.values.get(name) or _value(parts[-1][-1:], following)
        is_kept = bool(name) and name not in names
        parts += [f"({value})" if is_kept else f"(?:{value})", _literal(following)]
        names += [name] if is_kept else []
    return Pattern("".join(parts).removesuffix(" +") + r"(?:\s.*)?$", tuple(names))


def choose_layout(head: Head, patterns: Sequence[Pattern]) -> tuple[Layout, float]:
    """The patterns that first lines are written by, and the share they fit. `patterns` has the most specific first."""
    lines = [line[:LONGEST] for line in head.lines[:LOOKED_AT] if line.strip()]
    fits = [next((one for one in patterns if re.match(one.expression, line)), None) for line in lines]
    chosen = tuple(one for one in patterns if one in fits) or tuple(patterns[:1])
    return Layout(chosen), sum(one is not None for one in fits) / max(1, len(lines))


def layout_of(item: LocalObject, syntax: Syntax, patterns: Sequence[Pattern]) -> Layout:
    """The layout that the option `log_format` of the source says, else the one the object shows.

    Raises `BadInputError` where it says no field that is read.
    """
    said = item.options.get("log_format", "")[:MAX_LAYOUT]
    if not said:
        return choose_layout(item.head, patterns)[0]
    pattern = compile_layout(said, syntax)
    if not pattern.names:
        raise BadInputError(f"{item.name}: log_format names no field that is read", hint="repeat the proxy's own")
    return Layout((pattern,))


def _value(before: str, following: str) -> str:
    """A value up to the character that follows; blanks only in quotes, past escaped ones, and in brackets."""
    if not following or following[0].isspace():
        return r"\S*"
    if following[0] == '"':
        return r'(?:[^"\\]|\\.)*'
    blank = "" if before == "[" else " "
    return f"[^{re.escape(following[0])}{blank}]*"


def _literal(text: str) -> str:
    return re.sub(r"(?:\\?\s)+", " +", re.escape(text))
