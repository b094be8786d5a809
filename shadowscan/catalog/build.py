"""From a checked vendor document to the `Vendor` that the rest of the tool sees."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shadowscan.model.vendor import AddressRange, HostEntry, KeyFormat, RegionRule, Source, Vendor

if TYPE_CHECKING:
    from shadowscan.catalog.entry import VendorEntry

Document = Mapping[str, Any]
_PARTS = frozenset({"hosts", "ranges", "region_rules", "key_formats"})
_EMPTY: tuple[object, ...] = ("", [], {})


def document_of(entry: "VendorEntry") -> dict[str, Any]:
    """The entry as plain JSON values, without its examples, which only tests read. Every key of the vendor is there;
    its parts leave out what is empty.
    """
    document: dict[str, Any] = entry.model_dump(mode="json", exclude={"examples"})
    return {key: [_filled(part) for part in value] if key in _PARTS else value for key, value in document.items()}


def build_vendor(document: Document, file: str, is_own: bool = False) -> Vendor:
    """The vendor of one document made by `document_of`."""
    return Vendor(
        **{key: document[key] for key in ("id", "name", "category", "legal_entity", "jurisdiction", "role", "status")},
        aliases=tuple(document["aliases"]),
        services=tuple(document["services"].items()),
        sources=tuple(Source(id=word, **source) for word, source in document["sources"].items()),
        hosts=tuple(HostEntry(**_frozen(entry)) for entry in document["hosts"]),
        ranges=tuple(AddressRange(**_frozen(entry)) for entry in document["ranges"]),
        region_rules=tuple(RegionRule(**_frozen(entry)) for entry in document["region_rules"]),
        key_formats=tuple(KeyFormat(**_frozen(entry)) for entry in document["key_formats"]),
        environment=tuple(document["environment"]),
        packages=tuple((kind, name) for kind, names in document["packages"].items() for name in names),
        images=tuple(document["images"]),
        ports=tuple(document["ports"]),
        billing=tuple((entry["kind"], entry["pattern"], entry["product_kind"]) for entry in document["billing"]),
        verified_on=document["verified_on"] or "",
        file=file,
        is_own=is_own,
    )


def _filled(part: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty. A zero is said: its default may be another number."""
    return {key: value for key, value in part.items() if value is not False and value not in _EMPTY}


def _frozen(entry: Document) -> dict[str, Any]:
    """Lists as tuples and mappings as tuples of pairs: what a frozen type can hold."""
    return {key: _tuple(value) for key, value in entry.items()}


def _tuple(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((key, _tuple(inner)) for key, inner in value.items())
    return tuple(_tuple(inner) for inner in value) if isinstance(value, list) else value
