"""What a language says of itself: how its files are named, its grammar, and where its tree holds what signals need.

A language is a module with a `LANGUAGE`; adding one edits nothing else. Its query is of tree-sitter's own language
(https://tree-sitter.github.io/tree-sitter/using-parsers/queries/) and gives matches with these captures:

- `import`: the name of what is imported, and `imported` from it where the module alone does not tell;
- `callee` and `arguments`: a call, or a construction; `method` where the receiver is a node of its own;
- `decorator` and `arguments`: a decorator, annotation or attribute;
- `name` and `value`: a named value: an assignment, a keyword argument, a key of a map;
- `compared` within `comparison`: a string that something is compared with, `case` one of a switch;
- `string`: any string; `comment`: text that does not run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language. `grammar` is a module that hands out the parser's table through the function named after it.

    `ecosystem` is the catalogue's word for its packages. Imports name packages by their longest known beginning up to a
    `separator`; `modules` says which package such a beginning means where it is not called like it.
    `dotted` packages lie in a namespace of their own. `masked` bytes, which mean nothing in the language and which its
    grammar takes very long over, are replaced by as many others.
    """

    id: str
    suffixes: tuple[str, ...]
    ecosystem: str
    grammar: tuple[str, str]
    query: str
    separator: str
    modules: Mapping[str, str] = field(default_factory=dict)
    dotted: tuple[str, ...] = ()
    masked: tuple[tuple[bytes, bytes], ...] = ()

    def module_names(self, packages: Sequence[str]) -> dict[str, str]:
        """Import name → package, both in lower case, of the packages that this language can import."""
        named = {self._module_of(package.lower()): package.lower() for package in packages if self._module_of(package)}
        known = {package.lower() for package in packages}
        return named | {module: package for module, package in self.modules.items() if package in known}

    def _module_of(self, package: str) -> str:
        """How a package is imported where no table says otherwise; empty where it cannot be told."""
        if self.separator == "/":
            return package
        if package.startswith(self.dotted):
            return package.replace("-", ".")
        return package if self.separator == "." and "-" not in package else package.replace("-", "_")
