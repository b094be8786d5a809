"""Reading the catalogue: strict, with file and line, and quick enough for every start."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shadowscan.catalog.catalog import Catalog
from shadowscan.catalog.regions import Regions
from shadowscan.errors import ConfigError, Location
from shadowscan.model.vendor import AddressRange, HostEntry, KeyFormat, RegionRule, Vendor

FOLDER = Path(__file__).parent
KEYS = frozenset(
    {"id", "name", "aliases", "category", "jurisdiction", "status", "role", "hosts", "ranges", "region_rules"}
    | {"key_formats", "environment", "packages", "images", "ports", "billing", "references", "verified_on", "examples"}
)
HOST_KEYS = frozenset({"pattern", "match", "surface", "service", "experimental"})
MATCHES = frozenset({"exact", "suffix", "template"})
SURFACES = frozenset({"api", "web", "auth", "upload", "telemetry", "cdn", "docs", "status", "shared"})
# Public suffixes and clouds that would swallow everybody's hosts.
TOO_WIDE = frozenset(
    {"com", "net", "org", "io", "ai", "dev", "co.uk", "com.cn", "github.io", "amazonaws.com", "azure.com"}
    | {"googleapis.com", "cloudfront.net", "azurewebsites.net", "herokuapp.com", "vercel.app", "pages.dev"}
    | {"workers.dev"}
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load_catalog(extra: Path | None = None) -> Catalog:
    """The catalogue that ships with the package, and a user's own entries from `extra`, which win.

    Raises `ConfigError` naming file and line for an unknown key, a duplicate id, or a suffix that is too wide.
    """
    files = sorted((FOLDER / "vendors").glob("*.yaml"))
    own = sorted(extra.glob("*.yaml")) if extra else []
    digest = hashlib.sha256()
    vendors: dict[str, Vendor] = {}
    for file in (*files, *own):
        data = file.read_bytes()
        digest.update(data)
        vendor = parse_vendor(data, str(file))
        if vendor.id in vendors and file in files:
            raise _refusal(file, data, "id:", f"vendor {vendor.id} stands in two files")
        vendors[vendor.id] = vendor
    regions = (FOLDER / "regions.yaml").read_bytes()
    digest.update(regions)
    newest = max(vendor.verified_on for vendor in vendors.values())
    return Catalog(vendors, load_regions(regions), newest, digest.hexdigest()[:16])


def load_regions(data: bytes) -> Regions:
    """Region groups of `regions.yaml`."""
    groups = yaml.load(data, Loader=_Loader)["groups"]  # noqa: S506 - a safe loader
    return Regions({name: frozenset(map(str, group["regions"])) for name, group in groups.items()})


def parse_vendor(data: bytes, file: str) -> Vendor:
    """One vendor file as a `Vendor`; raises `ConfigError` with the line."""
    try:
        document = yaml.load(data, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ConfigError(f"not YAML: {error}", location=Location(file)) from error
    if not isinstance(document, Mapping):
        raise ConfigError("a vendor file holds one mapping", location=Location(file))
    for key in document:
        if key not in KEYS:
            raise _refusal(Path(file), data, f"{key}:", f"unknown key {key!r}")
    try:
        return _vendor(document, data, file)
    except KeyError as error:
        raise ConfigError(f"{error.args[0]!r} is missing", location=Location(file)) from error


def _vendor(document: Mapping[str, Any], data: bytes, file: str) -> Vendor:
    return Vendor(
        id=document["id"],
        name=document["name"],
        category=document["category"],
        jurisdiction=document["jurisdiction"],
        aliases=tuple(document.get("aliases", ())),
        hosts=tuple(_host(entry, data, file) for entry in document["hosts"]),
        ranges=tuple(AddressRange(**entry) for entry in document.get("ranges", ())),
        region_rules=tuple(_region_rule(entry) for entry in document.get("region_rules", ())),
        key_formats=tuple(_key_format(entry) for entry in document.get("key_formats", ())),
        environment=tuple(document.get("environment", ())),
        packages=tuple((kind, name) for kind, names in document.get("packages", {}).items() for name in names),
        images=tuple(document.get("images", ())),
        ports=tuple(document.get("ports", ())),
        billing=tuple((e["kind"], e["pattern"], e["product_kind"]) for e in document.get("billing", ())),
        references=tuple(document.get("references", ())),
        verified_on=str(document["verified_on"]),
        file=file,
    )


def _host(entry: Mapping[str, Any], data: bytes, file: str) -> HostEntry:
    pattern = entry["pattern"]
    for key in entry.keys() - HOST_KEYS:
        raise _refusal(Path(file), data, f"{key}:", f"unknown key {key!r}")
    if entry["match"] not in MATCHES or entry["surface"] not in SURFACES:
        raise _refusal(Path(file), data, pattern, f"{pattern}: unknown match or surface")
    if entry["match"] == "suffix" and pattern in TOO_WIDE:
        raise _refusal(Path(file), data, pattern, f"{pattern} is a public suffix: it would match everybody")
    return HostEntry(pattern, entry["match"], entry["surface"], entry["service"], entry.get("experimental", False))


def _region_rule(entry: Mapping[str, Any]) -> RegionRule:
    return RegionRule(
        id=entry["id"],
        pattern=entry.get("pattern"),
        gives=entry["gives"],
        strength=entry["strength"],
        note=entry.get("note", ""),
        source=entry.get("source", ""),
        region=entry.get("region", ""),
    )


def _key_format(entry: Mapping[str, Any]) -> KeyFormat:
    return KeyFormat(
        id=entry["id"],
        anchor=entry["anchor"],
        pattern=entry["pattern"],
        kind=entry["kind"],
        context=tuple(entry.get("context", ())),
        min_entropy=float(entry.get("min_entropy", 0.0)),
        severity=entry.get("severity", "critical"),
    )


def _refusal(file: Path, data: bytes, needle: str, message: str) -> ConfigError:
    lines = data.decode("utf-8", errors="replace").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if needle in text), 0)
    return ConfigError(message, hint="see CONTRIBUTING.md, Add a vendor", location=Location(str(file), line))
