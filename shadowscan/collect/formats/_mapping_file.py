"""Where a user's mapping file of an export is: named by the source, or beside the export."""

from pathlib import Path

from shadowscan.collect.formats.interface import LocalObject


def find_mapping_file(item: LocalObject, shared: str) -> Path | None:
    """The file of option `mapping`, else `NAME.mapping.yaml` or the one named `shared` beside the object, else None.

    `NAME` is the object's with or without its last ending; a copy of the object is looked beside too.
    """
    if item.options.get("mapping"):
        return Path(item.options["mapping"])
    path, named = Path(item.path), Path(item.name)
    beside = [path.with_name(f"{path.name}.mapping.yaml"), path.with_name(f"{path.stem}.mapping.yaml")]
    origin = [named.with_name(f"{one}.mapping.yaml") for one in (named.name, named.stem)] + [named.with_name(shared)]
    return next((one for one in (*beside, path.with_name(shared), *origin) if one.is_file()), None)
