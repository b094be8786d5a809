"""What is known of a vendor, as a document and as sections for a screen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from shadowscan.cli._rows import printable
from shadowscan.model.vendor import Vendor

_ONE_LINERS = ("name", "aliases", "category", "legal_entity", "jurisdiction", "role", "status", "verified_on")
_LISTS = ("environment", "images", "ports")
_WIDEST = 72


def vendor_row(vendor: Vendor) -> dict[str, Any]:
    """One line of `vendors list`."""
    return {
        "id": vendor.id,
        "name": vendor.name,
        "category": vendor.category,
        "jurisdiction": vendor.jurisdiction,
        "hosts": len(vendor.hosts),
        "verified": sum(not host.experimental for host in vendor.hosts),
        "region_rules": len(vendor.region_rules),
        "key_formats": len(vendor.key_formats),
        "verified_on": vendor.verified_on or "unknown",
        "own": vendor.is_own,
    }


def vendor_document(vendor: Vendor) -> dict[str, Any]:
    """Everything known, in the shape of a vendor file; `own` and `file` say whether a company's own entry is in it."""
    document = asdict(vendor)
    packages: dict[str, list[str]] = {}
    for ecosystem, name in vendor.packages:
        packages.setdefault(ecosystem, []).append(name)
    rules = [{**asdict(rule), "conditions": dict(rule.conditions)} for rule in vendor.region_rules]
    billing = [dict(zip(("kind", "pattern", "product_kind"), entry, strict=True)) for entry in vendor.billing]
    document |= {"services": dict(vendor.services), "packages": packages, "region_rules": rules, "billing": billing}
    document["own"] = document.pop("is_own")
    if not vendor.is_own:
        del document["file"]
    return document


def vendor_lines(vendor: Vendor) -> Iterator[str]:
    """Everything known, in sections."""
    document = vendor_document(vendor)
    yield f"{printable(vendor.id)}{' (with your own entry, ' + printable(vendor.file) + ')' if vendor.is_own else ''}"
    for key in _ONE_LINERS:
        if document[key]:
            yield f"  {key:<14}{printable(document[key])}"
    yield from _section("services", [{"service": word, "name": name} for word, name in vendor.services])
    yield from _section(f"hosts ({_counted(vendor)})", [_host(one) for one in document["hosts"]])
    for key in ("ranges", "region_rules", "key_formats", "billing"):
        yield from _section(key.replace("_", " "), document[key])
    yield from _section("packages", [{"in": e, "names": ", ".join(names)} for e, names in document["packages"].items()])
    for key in _LISTS:
        if document[key]:
            yield from ("", key, f"  {printable(document[key])}")
    yield from _section("sources", document["sources"])


def _counted(vendor: Vendor) -> str:
    experimental = sum(host.experimental for host in vendor.hosts)
    return f"{len(vendor.hosts)}: {len(vendor.hosts) - experimental} verified, {experimental} experimental"


def _host(host: Mapping[str, Any]) -> dict[str, Any]:
    marks = [mark for mark in ("experimental", "own_suffix") if host[mark]]
    notes = [*marks, *(f"holds {other}" for other in host["holds"]), *([host["note"]] if host["note"] else [])]
    shown = {key: host[key] for key in ("pattern", "match", "surface", "service", "sources")}
    return {**shown, "note": "; ".join(notes)}


def _section(title: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A heading and aligned rows; columns that are empty everywhere are left out, and the last one may be long."""
    if not rows:
        return
    columns = [key for key in rows[0] if any(row[key] not in ("", (), [], {}, None, False) for row in rows)]
    cells = [[printable(row[column] if row[column] is not None else "") for column in columns] for row in rows]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(columns, *cells, strict=True)]
    yield from ("", title)
    for line in (columns, *cells):
        yield "  " + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
