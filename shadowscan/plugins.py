"""Discovery of units by folder: a new format, source, reporter or command is a new file, no list is edited."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

NOT_UNITS = frozenset({"interface"})


def iter_modules(package: str) -> Iterator[ModuleType]:
    """Import every unit module of `package` in name order; `interface` and `_private` files are not units."""
    root = importlib.import_module(package)
    for found in sorted(pkgutil.iter_modules(root.__path__), key=lambda module: module.name):
        if found.name not in NOT_UNITS and not found.name.startswith("_") and not found.ispkg:
            yield importlib.import_module(f"{package}.{found.name}")


def unit_names(package: str) -> tuple[str, ...]:
    """Names of the unit modules of `package` without importing them, sorted."""
    root = importlib.import_module(package)
    return tuple(
        sorted(
            found.name
            for found in pkgutil.iter_modules(root.__path__)
            if found.name not in NOT_UNITS and not found.name.startswith("_") and not found.ispkg
        )
    )
