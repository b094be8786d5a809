"""Who is this host or address, and what the name says of surface and region.

A suffix matches whole labels only, so `notopenai.com` and `api.openai.com.evil.example` never match. A name below a
web suffix gets the surface its first label says (`status.`, `docs.`, `cdn.`, …): a wildcard never makes an API host.

Nearly every name of a log is nobody's here, so that a miss has to be quick: no pattern ends in its last two labels.
Names that hit are remembered up to a bound, since logs repeat them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count

from shadowscan.catalog.addresses import AddressIndex, read_address
from shadowscan.catalog.index import Hit, HostIndex, last_labels
from shadowscan.catalog.names import NotANameError, read_name
from shadowscan.model.vendor import HostEntry, HostFacts, HostMatch, RegionRule, Vendor

LABEL_SURFACES = {
    **dict.fromkeys(("status", "statuspage"), "status"),
    **dict.fromkeys(("www", "docs", "doc", "help", "support", "blog", "developer", "developers", "community"), "docs"),
    **dict.fromkeys(("learn", "trust", "news", "press", "careers", "jobs", "investors", "academy", "forum"), "docs"),
    **dict.fromkeys(("email", "mail", "smtp", "mx"), "docs"),
    **dict.fromkeys(("cdn", "static", "assets", "images", "img", "media", "fonts"), "cdn"),
    **dict.fromkeys(("auth", "auth0", "login", "accounts", "account", "sso", "oauth", "id"), "auth"),
    **dict.fromkeys(("telemetry", "events", "metrics", "statsig", "sentry", "analytics", "o11y"), "telemetry"),
    **dict.fromkeys(("upload", "uploads"), "upload"),
}
REMEMBERED = 65_536
SMALL = 16
LONGEST = 512  # a value with blanks around its name
Region = tuple[str, str]
Rules = Sequence[tuple[RegionRule, re.Pattern[str]]]
_LEVELS = {"A": "R4", "B": "R2", "X": "R2"}
_R0 = ("unknown", "R0")
_R1 = ("unknown", "R1")
_IN_LABELS = "abcdefghijklmnopqrstuvwxyz0123456789_-"
# Each byte as what it is in a list of names: part of a label, the end of one, or wrong.
_SHAPE = bytes(ord("a" if chr(b) in _IN_LABELS else "." if chr(b) in ".\n" else "?") for b in range(256))
_DIGITS = bytes(ord("0") if chr(b) in "0123456789" else b for b in range(256))
NOBODY = HostFacts(None, None, None, None, "unknown", "R0", "unknown", "high")


class Matcher:
    """The answers for hosts and addresses over some vendors."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        known = tuple(vendors)
        self._index = HostIndex(known)
        self._rules = {vendor.id: _compiled(vendor.region_rules) for vendor in known}
        self._remembered: dict[str, HostFacts] = {}
        self._held: dict[tuple[Hit, str, Region | str], HostFacts] = {}
        first = sorted(known, key=lambda vendor: (not vendor.is_own, vendor.id))
        self._addresses = AddressIndex((r.cidr, vendor.id) for vendor in first for r in vendor.ranges if r.dedicated)
        self._address_facts = {vendor.id: _facts_of_range(vendor) for vendor in first}

    def match(self, value: str) -> HostMatch:
        """One object of `vendors match`; never raises, whatever the text."""
        return self.resolve_many((value,))[0].as_match(value)

    def resolve_many(self, values: Sequence[str]) -> list[HostFacts]:
        """What is known of each value, in order, `NOBODY` for most; much cheaper than to ask one by one.

        Whether the names are well formed is asked of the whole text at once, and then only for the part that is not.
        """
        text = "\n".join(values)
        lower = text.lower()
        names = values if lower == text and text.count("\n") < len(values) else lower.split("\n")
        if not _are_plain(lower, names):
            lower = lower.replace(".\n", "\n").removesuffix(".")  # one final dot a name
            names = lower.split("\n")
            if len(names) != len(values) or not _are_plain(lower, names):
                return self._resolve_odd(values)
        return self._resolve_plain(values, names, has_digits=b"0\n" in lower.encode().translate(_DIGITS) + b"\n")

    def _resolve_odd(self, values: Sequence[str]) -> list[HostFacts]:
        if len(values) <= SMALL:
            return [self._remembered.get(value) or self._resolve(value) for value in values]
        half = len(values) // 2
        return self.resolve_many(values[:half]) + self.resolve_many(values[half:])

    def _resolve_plain(self, values: Sequence[str], names: Sequence[str], has_digits: bool) -> list[HostFacts]:
        """For well-formed names; `has_digits` where one ends in a digit, and so may be an address."""
        known, found = self._index.tails, [NOBODY] * len(values)
        tails = [name[name.rfind(".", 0, name.rfind(".")) + 1 :] for name in names]  # `last_labels`, without the call
        for place in compress(count(), map(known.__contains__, tails)):
            value = values[place]
            found[place] = self._remembered.get(value) or self._settle(value, names[place], tails[place])
        if has_digits:
            for place in (place for place, name in enumerate(names) if name[-1].isdigit()):
                found[place] = self._resolve(values[place])
        return found

    def _resolve(self, value: str) -> HostFacts:
        text = value.strip()
        address = read_address(text) if ":" in text or text[-1:].isdigit() else None
        if address is not None:
            owner = self._addresses.vendor_of(address)
            return NOBODY if owner is None else self._address_facts[owner]
        try:
            name = read_name(text)
        except NotANameError as error:
            return _refusal(str(error))
        return self._settle(value, name, last_labels(name))

    def _settle(self, value: str, name: str, tail: str) -> HostFacts:
        hit = self._index.find(name, tail)
        if hit is None:
            return NOBODY
        facts = self._facts(name, hit)
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        if len(value) <= LONGEST:
            self._remembered[value] = facts
        return facts

    def _facts(self, name: str, hit: Hit) -> HostFacts:
        """The facts as held already, so that equal answers are one object; memory stays flat whatever comes."""
        rules = self._rules[hit.vendor.id]
        key = (hit, _part(name, hit.entry), _region(name, hit.vendor, rules) if rules else "")
        held = self._held.get(key)
        if held is None:
            if len(self._held) >= REMEMBERED:
                self._held.clear()
            held = self._held[key] = _make_facts(hit, key[1], _region(name, hit.vendor, rules))
        return held


def _region(name: str, vendor: Vendor, rules: Rules) -> Region:
    """(region, evidence level): the first rule of the vendor that matches decides."""
    for rule, pattern in rules:
        found = pattern.search(name)
        if found:
            return _region_of(rule, found.groupdict())
    return _R0 if vendor.jurisdiction == "unknown" or vendor.category == "aggregator" else _R1


def _region_of(rule: RegionRule, groups: Mapping[str, str | None]) -> Region:
    """Strength C proves nothing by the name: at most the vendor's home is presumed."""
    region = rule.region or groups.get("region") or groups.get("geo") or "unknown"
    if rule.strength == "C":
        return _R1 if rule.gives.endswith("_presumed") else _R0
    return (region, _LEVELS[rule.strength]) if region != "unknown" else _R0


def _are_plain(text: str, names: Sequence[str]) -> bool:
    """Whether all names, which `text` holds one a line in lower case, are well formed. By C calls: every miss asks."""
    shape = text.encode(errors="replace").translate(_SHAPE)
    return b"?" not in shape and b".." not in b".%b." % shape and max(map(len, names)) < 64


def _part(name: str, entry: HostEntry) -> str:
    """Which part of a product a name below its web suffix is; empty where the entry's own surface holds.

    A suffix speaks for the whole product, so the first label below it decides. Names that begin with an underscore are
    records about the domain (`_dmarc.`), which no prompt goes to.
    """
    if entry.match != "suffix" or entry.surface != "web" or name == entry.pattern:
        return ""
    return "docs" if name[0] == "_" else LABEL_SURFACES.get(name.partition(".")[0], "web")


def _make_facts(hit: Hit, part: str, region: Region) -> HostFacts:
    surface = part or hit.entry.surface
    is_guess = part == "web" or surface == "shared"
    return HostFacts(
        vendor_id=hit.vendor.id,
        service=hit.entry.service if surface == hit.entry.surface else surface,
        category=hit.vendor.category,
        surface=surface,
        region=region[0],
        region_evidence=region[1],
        jurisdiction=hit.vendor.jurisdiction,
        confidence="low" if hit.entry.experimental else "medium" if is_guess else "high",
    )


def _compiled(rules: Iterable[RegionRule]) -> Rules:
    return [(rule, re.compile(rule.pattern)) for rule in rules if rule.pattern]


def _facts_of_range(vendor: Vendor) -> HostFacts:
    return HostFacts(vendor.id, "api", vendor.category, "api", "unknown", "R1", vendor.jurisdiction, "medium")


def _refusal(error: str) -> HostFacts:
    return HostFacts(None, None, None, None, "unknown", "R0", "unknown", "low", error)
