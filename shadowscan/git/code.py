"""Source code as code signals need it: what is imported, called, named, compared and said, in any language.

Read off the syntax tree, so that a comment never counts as code and a string never as an import. Trees are tolerant:
broken code gives what can be made out of it.
"""

import importlib
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from shadowscan.git.languages.interface import Language
from shadowscan.plugins import iter_modules

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Query

SECONDS = 2  # for one window of a file
WINDOW = 16 * 1024
TEXT_LIMIT = 400  # of one name, value or call: what is longer is data
_QUOTED = re.compile(r"""(?s)^(?:[A-Za-z@$]{0,3}#*)("{3}|'{3}|["'`])(.*)\1#*$""")
_PLACES = ("import", "arguments", "name", "compared", "case", "string", "comment")  # which of a match has the line
_UNINDENTED = re.compile(rb"\n[A-Za-z@#\[(]")
_LINK = re.compile(r"[.:>\\]")
_SUBSCRIPT = re.compile(r"""\[\s*["':]([\w-]+)["']?\s*\]$""")
_NOT_NEWLINE = re.compile(rb"[^\n]")
# Parts of a string that are worked out at run time, in the ways of all languages.
_INTERPOLATED = re.compile(r"^\w*[fF$]\w*[\"'].*\{|\$\{|#\{|^`.*\$\{", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """A call or construction, or a decorator: `callee` as written, arguments as written, line from 1."""

    callee: str
    arguments: tuple[str, ...]
    line: int
    is_decorator: bool = False

    @property
    def method(self) -> str:
        """The last word of the callee."""
        return _LINK.split(self.callee)[-1].strip("?!&* ")

    @property
    def receiver(self) -> str:
        """What the method is called on, as written; empty for a plain function."""
        return self.callee[: -len(self.method)].rstrip(".:->?!\\ ") if self.method else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A value with a name: `literal` where it is a string, else None; `value` as written."""

    name: str
    value: str
    literal: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A string something is compared with; `other` is the whole comparison as written, `case` for one of a switch."""

    value: str
    other: str
    line: int


@dataclass
class Code:
    """What one file says. `text` is the source with comments and strings blanked, same lines."""

    imports: list[tuple[str, int]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    strings: list[tuple[str, int]] = field(default_factory=list)
    text: str = ""

    def constants(self) -> Mapping[str, str]:
        """Strings by the plain name they are given to, the first of each name."""
        found: dict[str, str] = {}
        for one in self.named:
            if one.literal is not None:
                found.setdefault(one.name, one.literal)
        return found


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Language]:
    """Every language by the ending of its files."""
    units: list[Language] = [module.LANGUAGE for module in iter_modules("shadowscan.git.languages")]
    return {suffix: language for language in units for suffix in language.suffixes}


def language_of(path: str) -> Language | None:
    """The language a path is written in, by its ending; None for configuration and the rest."""
    return languages().get(PurePosixPath(path.lower()).suffix)


def read_code(language: Language, data: bytes) -> Code | None:
    """What the bytes say as code of that language; None where they are too tangled to be read in bounded time.

    A parser that mends errors takes more than linear time on input made for it. So it is given a window at a time, cut
    where a new definition starts, and the file is given up when one window takes too long.
    """
    code, line = Code(), 1
    parts = []
    for meaningless, other in language.masked:
        data = data.replace(meaningless, other)
    for window in windows(data):
        text = _read_window(language, window, line, code)
        if text is None:
            return None
        parts.append(text)
        line += window.count(b"\n")
    code.text = "".join(parts)
    return code


def windows(data: bytes) -> Iterator[bytes]:
    """The bytes in pieces of at most `WINDOW`, cut before an unindented line, else at a line, else anywhere."""
    start = 0
    while len(data) - start > WINDOW:
        piece = data[start : start + WINDOW]
        unindented = [found.start() + 1 for found in _UNINDENTED.finditer(piece, WINDOW // 2)]
        end = unindented[-1] if unindented else piece.rfind(b"\n") + 1 or WINDOW
        yield piece[:end]
        start += end
    yield data[start:]


def string_of(text: str) -> str | None:
    """The content of a string as written; None for anything else and for one that is put together at run time."""
    found = _QUOTED.match(text)
    return found[2] if found and not _INTERPOLATED.search(text) else None


def _read_window(language: Language, data: bytes, first_line: int, code: Code) -> str | None:
    """Add what one window says; gives its text with comments and strings blanked, None where it took too long."""
    from tree_sitter import QueryCursor

    parser, query = _tools(language)
    try:
        tree = parser.parse(data)
    except ValueError:
        parser.reset()
        return None
    blanks = []
    for _, found in QueryCursor(query).matches(tree.root_node):
        nodes = {name: each[0] for name, each in found.items()}
        _take(code, nodes, data, first_line)
        blanks += [nodes[name] for name in ("string", "comment") if name in nodes]
    return _blanked(data, blanks)


@lru_cache(maxsize=16)
def _tools(language: Language) -> "tuple[Parser, Query]":
    from tree_sitter import Language as Grammar
    from tree_sitter import Parser, Query

    module, function = language.grammar
    grammar = Grammar(getattr(importlib.import_module(module), function)())
    with warnings.catch_warnings():
        # The successor of this limit, a callback, crashes the process in 0.25.2 and 0.26.1: the old name stays in use.
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = Parser(grammar, timeout_micros=SECONDS * 1_000_000)
    return parser, Query(grammar, language.query)


def _take(code: Code, nodes: "Mapping[str, Node]", data: bytes, first_line: int) -> None:
    """One match of the query into the facts; lines count from the window's first."""
    place = next(nodes[name] for name in _PLACES if name in nodes)
    line = first_line + int(place.start_point[0])
    if "import" in nodes:
        code.imports.append((_import_name(nodes, data), line))
    elif "arguments" in nodes:
        code.calls.append(_call(nodes, data, line))
    elif "name" in nodes:
        code.named.append(_named(nodes, data, line))
    elif "comparison" in nodes:
        value, other = _text(nodes["compared"], data), _text(nodes["comparison"], data)
        code.compared.append(Compared(string_of(value) or "", other, line))
    elif "case" in nodes:
        code.compared.append(Compared(string_of(_text(nodes["case"], data)) or "", "case", line))
    elif "string" in nodes:
        value = _text(nodes["string"], data, 4_000)
        found = _QUOTED.match(value)
        code.strings.append((found[2] if found else value.strip("\"'`"), line))


def _import_name(nodes: "Mapping[str, Node]", data: bytes) -> str:
    text = _text(nodes["import"], data)
    name = string_of(text) or text
    return f"{name}.{_text(nodes['imported'], data)}" if "imported" in nodes else name


def _call(nodes: "Mapping[str, Node]", data: bytes, line: int) -> Call:
    is_decorator = "decorator" in nodes
    callee = _tail(nodes["decorator" if is_decorator else "callee"], data)
    if "method" in nodes:
        callee = f"{callee}.{_text(nodes['method'], data)}"
    arguments = nodes["arguments"]
    given = tuple(_text(child, data) for child in _children(arguments))
    return Call(callee, given, line, is_decorator)


def _children(arguments: "Node") -> "Iterator[Node]":
    """The arguments themselves; at most a few, since no signal looks further."""
    cursor = arguments.walk()
    more, count = cursor.goto_first_child(), 0
    while more and count < 12:
        node = cursor.node
        if node is not None and node.is_named:
            count += 1
            yield node
        more = cursor.goto_next_sibling()


def _named(nodes: "Mapping[str, Node]", data: bytes, line: int) -> Named:
    value = _text(nodes["value"], data)
    return Named(_plain_name(_text(nodes["name"], data)), value, string_of(value), line)


def _plain_name(text: str) -> str:
    """`"Authorization"`, `headers["Authorization"]`, `self.base_url`, `:model` → the last name in it."""
    subscript = _SUBSCRIPT.search(text) if text.endswith("]") else None
    if subscript:
        return subscript[1]
    return _LINK.split(text.strip("\"'`:$ "))[-1].strip("\"'`$ ")


def _text(node: "Node", data: bytes, limit: int = TEXT_LIMIT) -> str:
    start = node.start_byte
    return data[start : min(node.end_byte, start + limit)].decode("utf-8", errors="replace")


def _tail(node: "Node", data: bytes) -> str:
    """The end of a callee: of a long chain only the last links matter."""
    return data[max(node.start_byte, node.end_byte - 120) : node.end_byte].decode("utf-8", errors="replace")


def _blanked(data: bytes, nodes: "list[Node]") -> str:
    text = bytearray(data)
    for node in nodes:
        start, end = node.start_byte, node.end_byte
        piece = data[start:end]
        text[start:end] = _NOT_NEWLINE.sub(b" ", piece) if b"\n" in piece else b" " * len(piece)
    return text.decode("utf-8", errors="replace")
