"""The catalogue: facts about LLM vendors, one YAML a vendor, and the answer to "who is this host or address"."""

from shadowscan.catalog.catalog import Catalog
from shadowscan.catalog.loader import load_catalog

__all__ = ["Catalog", "load_catalog"]
