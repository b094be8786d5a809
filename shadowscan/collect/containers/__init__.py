"""Containers: what other logs are wrapped in, found by folder. One module each, opened before recognition."""

from functools import cache

from shadowscan.collect.containers.interface import Container
from shadowscan.plugins import iter_modules


@cache
def load_containers() -> tuple[Container, ...]:
    """All containers, sorted by id."""
    return tuple(module.CONTAINER for module in iter_modules("shadowscan.collect.containers"))
