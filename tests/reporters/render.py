"""Rendering the fixture, for tests of every format."""

from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit, make_report


def render(format: str, **options: object) -> str:
    """The fixture audit as text in `format`."""
    return find_reporter(format).render(make_audit(), RenderOptions(**options)).decode()


def render_report(format: str) -> str:
    """The fixture report as text in `format`."""
    return find_reporter(format).render_report(make_report(), RenderOptions()).decode()
