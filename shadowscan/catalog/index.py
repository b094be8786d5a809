"""Host patterns in dictionaries: which entry, if any, a well-formed name belongs to.

Exact names come before templates, templates before suffixes, and the longest suffix first. Where two entries claim one
name in the same way, a user's own wins, then the template that says more literally, then API, then the first vendor id.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shadowscan.model.vendor import HostEntry, Vendor

_FIELD = re.compile(r"\{[a-z]+\}")
_LABELS = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"  # what a field stands for: one or more labels, or a part of one


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """One host entry with its vendor."""

    vendor: Vendor
    entry: HostEntry

    @property
    def rank(self) -> tuple[bool, int, bool, str, str]:
        """Smaller wins between two entries that claim a name in the same way."""
        literal = len(_FIELD.sub("", self.entry.pattern))
        return not self.vendor.is_own, -literal, self.entry.surface != "api", self.vendor.id, self.entry.pattern


@dataclass(frozen=True, slots=True)
class _Template:
    """`first` is the first label where that is literal; `end` what every name of it ends with."""

    first: str
    end: str
    matches: Callable[[str], object]
    hit: Hit


class HostIndex:
    """Look-ups over all host entries of some vendors."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        self._exact: dict[str, Hit] = {}
        self._suffix: dict[str, Hit] = {}
        self._templates: dict[tuple[str, str], list[_Template]] = {}  # by last labels and first label
        hits = sorted((Hit(vendor, entry) for vendor in vendors for entry in vendor.hosts), key=lambda hit: hit.rank)
        for hit in hits:
            self._add(hit)
        self._with_templates = {tail for tail, _ in self._templates}
        self.tails = self._make_tails()

    def find(self, name: str, tail: str) -> Hit | None:
        """The entry that a name in lower case without final dot belongs to; `tail` is its `last_labels`."""
        ends = self.tails.get(tail, _NONE)
        if ends is not None and name[name.rfind(".", 0, -len(tail) - 1) + 1 :] not in ends:
            return None
        if name in self._exact:
            return self._exact[name]
        if tail in self._with_templates and (hit := self._template(name, tail)):
            return hit
        return self._longest_suffix(name)

    def _template(self, name: str, tail: str) -> Hit | None:
        candidates = self._templates.get((tail, ""), [])
        if named := self._templates.get((tail, name.partition(".")[0])):
            candidates = sorted([*named, *candidates], key=lambda template: template.hit.rank)
        for template in candidates:
            if name.endswith(template.end) and template.matches(name):
                return template.hit
        return None

    def _longest_suffix(self, name: str) -> Hit | None:
        while name:
            if name in self._suffix:
                return self._suffix[name]
            name = name.partition(".")[2]
        return None

    def _add(self, hit: Hit) -> None:
        """Hits come best first, so that the first one keeps its place."""
        pattern = hit.entry.pattern
        if hit.entry.match == "template":
            template = _compile(hit)
            self._templates.setdefault((last_labels(template.end), template.first), []).append(template)
        else:
            (self._exact if hit.entry.match == "exact" else self._suffix).setdefault(pattern, hit)

    def _make_tails(self) -> dict[str, frozenset[str] | None]:
        """The last two labels of every pattern, with the last three where all of its patterns have three (`co.uk`,
        `amazonaws.com`): a name that ends otherwise is nobody's, which most names can be told by at once.
        """
        tails: dict[str, set[str] | None] = {}
        for end in self._literal_ends():
            tail, three = last_labels(end), last_labels(end, 3)
            known = tails.setdefault(tail, set())
            if three == tail:
                tails[tail] = None
            elif known is not None:
                known.add(three)
        return {tail: None if three is None else frozenset(three) for tail, three in tails.items()}

    def _literal_ends(self) -> Iterator[str]:
        yield from self._exact
        yield from self._suffix
        for templates in self._templates.values():
            yield from (template.end.partition(".")[2] for template in templates)  # whole labels only


def _compile(hit: Hit) -> _Template:
    pattern = hit.entry.pattern
    first = pattern.partition(".")[0]
    regex = re.compile(_LABELS.join(map(re.escape, _FIELD.split(pattern))))
    return _Template("" if "{" in first else first, pattern.rpartition("}")[2], regex.fullmatch, hit)


def last_labels(name: str, count: int = 2) -> str:
    """The last labels of a name, all of it where it has no more."""
    place = len(name)
    for _ in range(count):
        place = name.rfind(".", 0, place)
        if place < 0:
            return name
    return name[place + 1 :]


_NONE: frozenset[str] = frozenset()
