"""The owner step: who answers for every subject."""

from shadowscan.enrich.owner.build import build

__all__ = ["build"]
