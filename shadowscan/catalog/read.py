"""Reading one vendor file: quick where it is fine, and with every problem's line where it is not."""

from pathlib import Path
from typing import Any

import yaml

from shadowscan.catalog.build import document_of
from shadowscan.catalog.entry import VendorEntry
from shadowscan.catalog.entry_regions import RegionsEntry, region_problems
from shadowscan.catalog.refuse import problems_of
from shadowscan.documents import check, read_yaml, refuse
from shadowscan.errors import Location

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_entry(path: Path) -> VendorEntry:
    """The entry of a file. Raises `ConfigError` that names every problem with file and line."""
    entry = check(VendorEntry, read_yaml(path))
    refuse(problems_of(entry))
    return entry


def read_document(path: Path, data: bytes) -> dict[str, Any]:
    """The checked document of a shipped file whose content is `data`."""
    entry = read_quickly(path, data)
    return document_of(read_entry(path) if any(problems_of(entry)) else entry)


def read_quickly(path: Path, data: bytes) -> VendorEntry:
    """The entry of a file by the C parser, which keeps no lines: what is wrong in its shape is said by `read_entry`."""
    try:
        entry = VendorEntry.model_validate(yaml.load(data, Loader=_Loader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return read_entry(path)
    entry._place = Location(str(path))
    return entry


def read_regions(path: Path, data: bytes) -> dict[str, Any]:
    """The checked document of `regions.yaml`; raises `ConfigError` with every problem and its line."""
    try:
        entry = RegionsEntry.model_validate(yaml.load(data, Loader=_Loader))  # noqa: S506 - a safe loader
        is_fine = not any(region_problems(entry))
    except (yaml.YAMLError, ValueError, RecursionError):
        is_fine = False
    if not is_fine:
        entry = check(RegionsEntry, read_yaml(path))
        refuse(region_problems(entry))
    return entry.model_dump(mode="json")


class _Loader(_SafeLoader):  # type: ignore[misc] # one of two, by what PyYAML was built with
    """The C parser, with keys that stand twice refused: plain YAML lets the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return mapping
