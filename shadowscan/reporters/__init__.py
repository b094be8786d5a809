"""Reporters: one module a format, found by its file name, which is the word after `--format`."""

from typing import cast

from shadowscan.documents import nearest
from shadowscan.errors import UsageError
from shadowscan.plugins import unit_names
from shadowscan.reporters.interface import Reporter


def reporter_ids() -> tuple[str, ...]:
    """Every FORMAT there is, sorted; nothing is imported."""
    return unit_names(__name__)


def find_reporter(id: str) -> Reporter:
    """The reporter of format `id`; raises `UsageError` that names the nearest valid word."""
    import importlib

    known = reporter_ids()
    if id not in known:
        raise UsageError(f"unknown format {id!r}{nearest(id, known)}")
    return cast(Reporter, importlib.import_module(f"{__name__}.{id}").REPORTER)
