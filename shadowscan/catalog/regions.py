"""Region ids and the groups that policies speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Regions:
    """Groups of region ids, geography words of host names (`eu`, `us`) included."""

    groups: Mapping[str, frozenset[str]]

    @cached_property
    def _group_by_region(self) -> dict[str, str]:
        return {region: group for group, regions in self.groups.items() for region in regions}

    def group_of(self, region: str) -> str:
        """The group that holds this region; a group's own name is its group; `unknown` otherwise."""
        name = region.lower()
        return name if name in self.groups else self._group_by_region.get(name, "unknown")
