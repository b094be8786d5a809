"""Owner by ordered evidence: one file a kind of evidence, `resolve` decides, `apply` brings it to the views."""

from shadowscan.enrich.owner.build import build

__all__ = ["build"]
