"""The catalogue from its files: what ships with the package, and a user's own entries, which win."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shadowscan.catalog.build import Document, build_vendor
from shadowscan.catalog.catalog import Catalog
from shadowscan.catalog.compiled import FOLDER, digest_of, read_compiled, write_compiled
from shadowscan.catalog.processing import Routes, build_routes
from shadowscan.catalog.regions import Regions, build_regions
from shadowscan.errors import ConfigError, Location
from shadowscan.model.vendor import Vendor

REGIONS = FOLDER / "regions.yaml"


def load_catalog(own: Path | None = None) -> Catalog:
    """The catalogue that ships with the package, and a user's own entries from the folder `own`, which win.

    Raises `ConfigError` naming file and line for whatever is wrong in a file: an unknown key at any level, an
    undeclared source or service, a suffix that is a public suffix or that swallows another vendor's hosts.
    """
    from_package = shipped()
    files = sorted(own.glob("*.y*ml")) if own else []
    if not files:
        return _catalog()
    from shadowscan.catalog.own import lay_over, own_files, read_own, refuse_together

    entries = read_own(own_files(own), from_package.documents) if own else []
    refuse_together(entries, from_package.documents)
    paths = {one.entry.id: str(one.path) for one in entries}
    changed = lay_over(entries, from_package.documents)
    vendors = dict(from_package.vendors)
    for vendor_id, document in changed.items():
        file = paths.get(vendor_id) or vendors[vendor_id].file
        vendors[vendor_id] = build_vendor(document, file, is_own=vendor_id in paths)
    content = b"".join(one.path.read_bytes() for one in entries)
    digest = hashlib.sha256(from_package.digest.encode() + content).hexdigest()
    return _with_version(vendors, from_package, digest)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is in the package: checked documents, the vendors made of them, and the digest of all files."""

    documents: Mapping[str, Document]
    vendors: Mapping[str, Vendor]
    regions: Regions
    routes: Routes
    digest: str


@cache
def shipped() -> Shipped:
    """What is in the package, read once a process; raises `ConfigError` where a file is wrong."""
    digest, compiled = hashlib.sha256(), read_compiled()
    documents: dict[str, Document] = {}
    vendors: dict[str, Vendor] = {}
    for file, data, document in shipped_documents(compiled):
        digest.update(data)
        vendor_id = document["id"]
        if vendor_id in vendors:
            raise ConfigError(f"vendor {vendor_id} stands in two files", location=Location(str(file), 1))
        documents[vendor_id] = document
        vendors[vendor_id] = build_vendor(document, str(file))
    data, regions = _regions(compiled)
    digest.update(data)
    return Shipped(documents, vendors, build_regions(regions), build_routes(regions), digest.hexdigest())


def shipped_files() -> list[Path]:
    """The vendor files of the package, sorted."""
    return sorted((FOLDER / "vendors").glob("*.yaml"))


def shipped_documents(compiled: Mapping[str, Document]) -> Iterator[tuple[Path, bytes, Document]]:
    """(file, content, checked document) of every vendor of the package, from the artefact where it is fresh."""
    for file in shipped_files():
        data = file.read_bytes()
        yield file, data, compiled.get(digest_of(data)) or _read(file, data)


def compile_catalog() -> None:
    """Write the artefact of the shipped files."""
    compiled = read_compiled()
    vendors = [(data, document) for _, data, document in shipped_documents(compiled)]
    write_compiled([*vendors, _regions(compiled)])


@cache
def _catalog() -> Catalog:
    from_package = shipped()
    return _with_version(from_package.vendors, from_package, from_package.digest)


def _with_version(vendors: Mapping[str, Vendor], from_package: Shipped, digest: str) -> Catalog:
    newest = max(vendor.verified_on for vendor in vendors.values())
    return Catalog(vendors, from_package.regions, from_package.routes, newest, digest[:16])


def _regions(compiled: Mapping[str, Any]) -> tuple[bytes, Document]:
    data = REGIONS.read_bytes()
    known = compiled.get(digest_of(data))
    if known:
        return data, known
    from shadowscan.catalog.read import read_regions

    return data, read_regions(REGIONS, data)


def _read(file: Path, data: bytes) -> dict[str, Any]:
    """Pydantic is imported only where a file has to be checked: it costs more than reading the artefact."""
    from shadowscan.catalog.read import read_document

    return read_document(file, data)
