"""The catalogue from its files: what ships with the package, and a user's own entries, which win."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shadowscan.catalog.build import build_vendor
from shadowscan.catalog.catalog import Catalog
from shadowscan.catalog.compiled import FOLDER, digest_of, read_compiled, write_compiled
from shadowscan.catalog.regions import Regions, build_regions
from shadowscan.errors import ConfigError, Location
from shadowscan.model.vendor import Vendor

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load_catalog(extra: Path | None = None) -> Catalog:
    """The catalogue that ships with the package, and a user's own entries from the folder `extra`, which win.

    Raises `ConfigError` naming file and line for whatever is wrong in a file: an unknown key at any level, an
    undeclared source or service, a suffix that is a public suffix.
    """
    digest = hashlib.sha256()
    vendors: dict[str, Vendor] = {}
    for file, data, document in shipped_documents():
        digest.update(data)
        vendor = build_vendor(document, str(file))
        if vendor.id in vendors:
            raise ConfigError(f"vendor {vendor.id} stands in two files", location=Location(str(file), 1))
        vendors[vendor.id] = vendor
    for file in sorted(extra.glob("*.yaml")) if extra else ():
        digest.update(file.read_bytes())
        vendor = own_vendor(file)
        vendors[vendor.id] = vendor
    regions = (FOLDER / "regions.yaml").read_bytes()
    digest.update(regions)
    newest = max(vendor.verified_on for vendor in vendors.values())
    return Catalog(vendors, load_regions(regions), newest, digest.hexdigest()[:16])


def shipped_files() -> list[Path]:
    """The vendor files of the package, sorted."""
    return sorted((FOLDER / "vendors").glob("*.yaml"))


def shipped_documents() -> Iterator[tuple[Path, bytes, dict[str, Any]]]:
    """(file, content, checked document) of every vendor of the package, from the artefact where it is fresh."""
    compiled = read_compiled()
    for file in shipped_files():
        data = file.read_bytes()
        yield file, data, compiled.get(digest_of(data)) or _read(file, data)


def compile_catalog() -> None:
    """Write the artefact of the shipped files."""
    write_compiled([(data, document) for _, data, document in shipped_documents()])


def own_vendor(file: Path) -> Vendor:
    """The vendor of a user's own file; raises `ConfigError` with every problem and its line."""
    from shadowscan.catalog.read import read_own

    return build_vendor(read_own(file), str(file), is_own=True)


def load_regions(data: bytes) -> Regions:
    """Region groups and tiers of `regions.yaml`."""
    return build_regions(yaml.load(data, Loader=_Loader))  # noqa: S506 - a safe loader


def _read(file: Path, data: bytes) -> dict[str, Any]:
    """Pydantic is imported only where a file has to be checked: it costs more than reading the artefact."""
    from shadowscan.catalog.read import read_document

    return read_document(file, data)
