"""Log lines described by the format string that a proxy's own configuration has, read with one expression.

A layout is that string, such as `$remote_addr [$time_local] "$request"`. What stands between its codes must be there; a
code's value runs up to the character that follows it. Blanks stand for one or more, since codes may be padded. What
follows a layout on a line, past a blank, is left alone: a site adds fields at the end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shadowscan.collect.formats.interface import Head, LocalObject

LOOKED_AT = 50
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

    def read(self, names: Sequence[str]) -> str:
        """SQL over `log_line` giving `file`, `line`, `is_matched` and each of these names as text.

        Null where the line or the layout has none, or a dash. Binds `$expression`: the layout may be a user's.
        """
        chosen = [
            f"nullif(nullif(part.{name}, ''), '-') as {name}" if name in self.names else f"null::varchar as {name}"
            for name in names
        ]
        groups = ", ".join(f"'{name}'" for name in self.names)
        is_matched = " || ".join(f"part.{name}" for name in self.names)
        return READ.format(columns=",\n  ".join(chosen), groups=groups, is_matched=f"({is_matched}) <> ''")


READ = """
select
  file,
  line,
  {is_matched} as is_matched,
  {columns}
from (
  select file, line, regexp_extract(text, $expression, [{groups}]) as part
  from log_line
)
"""


def compile_layout(layout: str, syntax: Syntax) -> Pattern:
    """The expression for a layout. A name that comes twice is kept where it comes first."""
    parts, names = ["^ *"], list[str]()
    found = list(syntax.code.finditer(layout))
    ends = [*(one.start() for one in found[1:]), len(layout)]
    parts.append(_literal(layout[: found[0].start()] if found else layout))
    for one, end in zip(found, ends, strict=True):
        following = layout[one.end() : end]
        name = syntax.meaning(one)
        value = syntax.values.get(name) or _value(parts[-1][-1:], following)
        parts.append(f"({value})" if name and name not in names else f"(?:{value})")
        parts.append(_literal(following))
        if name and name not in names:
            names.append(name)
    return Pattern("".join(parts).rstrip(" ") + r"(?:\s.*)?$", tuple(names))


def choose_layout(head: Head, layouts: Sequence[Pattern]) -> tuple[Pattern, float]:
    """The layout that most of the first lines have, the first of equals, and their share."""
    lines = [line for line in head.lines[:LOOKED_AT] if line.strip()]
    shares = [sum(bool(re.match(one.expression, line)) for line in lines) / max(1, len(lines)) for one in layouts]
    best = max(range(len(layouts)), key=lambda n: (shares[n], -n))
    return layouts[best], shares[best]


def layout_of(item: LocalObject, option: str, syntax: Syntax, layouts: Sequence[Pattern]) -> Pattern:
    """The layout that the option of the source says, else the one the object shows."""
    said = item.options.get(option, "")
    return compile_layout(said[:MAX_LAYOUT], syntax) if said else choose_layout(item.head, layouts)[0]


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
