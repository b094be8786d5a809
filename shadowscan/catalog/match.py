"""Who is this host or address: exact names before templates before suffixes, the longest suffix first.

A suffix matches whole labels only, so `notopenai.com` and `api.openai.com.evil.example` never match. A name below a
web suffix gets the surface its first label says (`status.`, `docs.`, `cdn.`, …): a wildcard never makes an API host.
"""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from shadowscan.model.vendor import HostEntry, HostMatch, RegionRule, Vendor

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
LABEL_SURFACES = {
    **dict.fromkeys(("status",), "status"),
    **dict.fromkeys(
        ("www", "docs", "doc", "help", "support", "blog", "developer", "developers", "community", "learn", "trust"),
        "docs",
    ),
    **dict.fromkeys(("cdn", "static", "assets", "images", "media", "fonts"), "cdn"),
    **dict.fromkeys(("auth", "auth0", "login", "accounts", "account", "sso", "oauth", "id"), "auth"),
    **dict.fromkeys(("telemetry", "events", "metrics", "statsig", "sentry", "analytics", "o11y"), "telemetry"),
    **dict.fromkeys(("upload", "uploads"), "upload"),
}
# A placeholder stands for one or more labels, as the catalogue's sources use it.
_PLACEHOLDER = re.compile(r"\\\{[a-z_]+\\\}")
_LEVELS = {"A": "R4", "B": "R2", "X": "R2"}


@dataclass(frozen=True, slots=True)
class _Hit:
    vendor: Vendor
    entry: HostEntry
    how: str


class Matcher:
    """Dictionaries over the catalogue's host entries; one look-up walks the labels of a name once."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        self._exact: dict[str, _Hit] = {}
        self._suffix: dict[str, _Hit] = {}
        self._templates: dict[str, list[tuple[re.Pattern[str], _Hit]]] = defaultdict(list)
        self._networks: list[tuple[IpNetwork, Vendor]] = []
        self._rules: dict[str, list[tuple[RegionRule, re.Pattern[str]]]] = {}
        for vendor in vendors:
            self._add(vendor)

    def match(self, value: str) -> HostMatch:
        """One object of `vendors match`; never raises, whatever the text."""
        text = value.strip()
        address = _address(text)
        if address is not None:
            return self._match_address(value, address)
        name = normalise_name(text)
        if name is None:
            return _nothing(value, "not a host name or address")
        hit = self._find(name)
        return _nothing(value) if hit is None else self._answer(value, name, hit)

    def _add(self, vendor: Vendor) -> None:
        for entry in vendor.hosts:
            hit = _Hit(vendor, entry, entry.match)
            if entry.match == "template":
                self._templates[_tail(entry.pattern)].append((_compile(entry.pattern), hit))
            else:
                _keep_better(self._exact if entry.match == "exact" else self._suffix, entry.pattern, hit)
        self._networks.extend((ipaddress.ip_network(r.cidr), vendor) for r in vendor.ranges if r.dedicated)
        self._rules[vendor.id] = [(rule, re.compile(rule.pattern)) for rule in vendor.region_rules if rule.pattern]

    def _find(self, name: str) -> _Hit | None:
        if name in self._exact:
            return self._exact[name]
        labels = name.split(".")
        for start in range(len(labels)):
            for pattern, hit in self._templates.get(".".join(labels[start:]), ()):
                if pattern.fullmatch(name):
                    return hit
        for start in range(len(labels)):
            below = self._suffix.get(".".join(labels[start:]))
            if below is not None:
                return below
        return None

    def _answer(self, value: str, name: str, hit: _Hit) -> HostMatch:
        region, evidence = self._region(name, hit.vendor)
        surface = _surface(name, hit)
        return HostMatch(
            value=value,
            vendor_id=hit.vendor.id,
            service=hit.entry.service if surface == hit.entry.surface else surface,
            category=hit.vendor.category,
            surface=surface,
            region=region,
            region_evidence=evidence,
            jurisdiction=hit.vendor.jurisdiction,
            confidence=_confidence(name, hit, surface),
        )

    def _region(self, name: str, vendor: Vendor) -> tuple[str, str]:
        """(region, evidence level): the first rule of the vendor that matches decides."""
        for rule, pattern in self._rules[vendor.id]:
            found = pattern.search(name)
            if found:
                groups = found.groupdict()
                region = rule.region or groups.get("region") or groups.get("geo") or "unknown"
                return (region, _LEVELS[rule.strength]) if region != "unknown" and rule.strength != "C" else _R0
        return _R0 if vendor.jurisdiction == "unknown" or vendor.category == "aggregator" else ("unknown", "R1")

    def _match_address(self, value: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> HostMatch:
        for network, vendor in self._networks:
            if address in network:
                return HostMatch(
                    value, vendor.id, "api", vendor.category, "api", "unknown", "R1", vendor.jurisdiction, "medium"
                )
        return _nothing(value)


_R0 = ("unknown", "R0")


def normalise_name(text: str) -> str | None:
    """The name in lower case, ASCII (IDNA) and without final dot; None where it can be no host name."""
    name = text.rstrip(".").lower()
    if not name or len(name) > 253 or any(char.isspace() or char in "/@:\\" for char in name):
        return None
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return name if all(0 < len(label) <= 63 for label in name.split(".")) else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None


def _surface(name: str, hit: _Hit) -> str:
    """A suffix entry speaks for the whole product; the first label below it says which part this is."""
    if hit.how != "suffix" or hit.entry.surface != "web" or name == hit.entry.pattern:
        return hit.entry.surface
    return LABEL_SURFACES.get(name.split(".", maxsplit=1)[0], "web")


def _confidence(name: str, hit: _Hit, surface: str) -> str:
    if hit.entry.experimental:
        return "low"
    guessed = hit.how == "suffix" and name != hit.entry.pattern and surface == "web"
    return "medium" if guessed or surface == "shared" else "high"


def _keep_better(index: dict[str, _Hit], pattern: str, hit: _Hit) -> None:
    """API outranks web where one name stands in both; the first vendor keeps a tie."""
    known = index.get(pattern)
    if known is None or (known.entry.surface != "api" and hit.entry.surface == "api"):
        index[pattern] = hit


def _compile(template: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(r"[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*", re.escape(template)))


def _tail(template: str) -> str:
    """The labels after the last placeholder: what a name must end with."""
    return template.rsplit("}", 1)[1].partition(".")[2] or template.rsplit("}", 1)[1].lstrip("-")


def _nothing(value: str, error: str | None = None) -> HostMatch:
    return HostMatch(
        value, None, None, None, None, "unknown", "R0", "unknown", "high" if error is None else "low", error
    )
