"""A small company to try everything on: Acme, 2026, three vendor accounts that nobody owns."""
