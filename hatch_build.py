"""Build step: the catalogue's vendor files as one artefact inside the package (docs/adr/0011-compiled-catalogue.md)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Compiles the catalogue for wheels, and in place for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the artefact; a vendor file that is wrong fails the build with its line."""
        sys.path.insert(0, self.root)
        try:
            from shadowscan.catalog.compiled import ARTEFACT
            from shadowscan.catalog.loader import compile_catalog

            compile_catalog()
        finally:
            sys.path.remove(self.root)
        build_data["artifacts"].append(f"/{ARTEFACT.relative_to(Path(self.root)).as_posix()}")
