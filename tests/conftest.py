"""What every test run starts from."""

from contextlib import suppress

import pytest

from shadowscan.catalog.loader import compile_catalog
from shadowscan.errors import ShadowscanError


def pytest_configure(config: pytest.Config) -> None:
    """Bring the catalogue's artefact up to the vendor files once, or every command that a test runs reads them all."""
    if not hasattr(config, "workerinput"):
        with suppress(ShadowscanError):  # the tests of the catalogue say what is wrong
            compile_catalog()
