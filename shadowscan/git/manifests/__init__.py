"""Manifests and lockfiles: what a unit declares that it needs, one file an ecosystem."""
