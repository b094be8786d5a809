"""Which names are public suffixes, by the list of https://publicsuffix.org that ships with `publicsuffixlist`.

Offline: the library reads the list in its package. Made only where somebody's own entries are read and by the
catalogue's check, since the list costs more than a look-up is worth.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["none", "hosting", "above", "registry"]


class PublicSuffixes:
    """`registry`: names below which anybody buys one (`co.uk`). `hosting`: a company gives names below it to its users
    (`github.io`). `above`: such names stand somewhere below it (`amazonaws.com`).
    """

    def __init__(self) -> None:
        from publicsuffixlist import PublicSuffixList

        self._all = PublicSuffixList()
        self._registries = PublicSuffixList(only_icann=True)
        self._above = _above_listed()

    def kind_of(self, name: str) -> Kind:
        """What the name is; `none` for a name that one owner has to itself."""
        if self._registries.is_public(name):
            return "registry"
        if self._all.is_public(name):
            return "hosting"
        return "above" if name in self._above else "none"

    def registrable(self, name: str) -> str:
        """The name that was bought: one label below its public suffix; the name itself where it is a suffix."""
        return self._all.privatesuffix(name) or name


@cache
def public_suffixes() -> PublicSuffixes:
    """The list, read once a process."""
    return PublicSuffixes()


def is_public_suffix(name: str) -> bool:
    """Whether anybody buys names below this one."""
    return public_suffixes().kind_of(name) == "registry"


def _above_listed() -> frozenset[str]:
    """Names of two labels or more that listed suffixes stand below."""
    text = (files("publicsuffixlist") / "public_suffix_list.dat").read_text("utf-8")
    rules = (line.split()[0].lstrip("!*.") for line in text.splitlines() if line.strip() and not line.startswith("//"))
    parents = (rule.split(".")[start:] for rule in rules for start in range(1, rule.count(".")))
    return frozenset(".".join(labels) for labels in parents)
