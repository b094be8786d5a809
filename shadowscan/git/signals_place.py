"""Which files speak for what runs: documentation, tests and mocks show routes and names without using them."""

from pathlib import PurePosixPath

MAXIMUM_BYTES = 2_000_000
QUIET_FOLDERS = frozenset(
    [
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "testdata",
        "fixtures",
        "mocks",
        "__mocks__",
        "mock",
        "example",
        "examples",
        "docs",
        "doc",
        "site-packages",
        "node_modules",
        "vendor",
        "third_party",
        "cassettes",
        "notebooks",
        "e2e",
        "mock-server",
        "mock_server",
        "samples",
        "cookbook",
        "benchmarks",
    ]
)
QUIET_SUFFIXES = frozenset({".md", ".rst", ".txt", ".adoc", ".ipynb", ".lock", ".svg", ".csv", ".html", ".map"})
_OPENAPI_NAMES = ("openapi", "swagger")


def is_quiet(path: str) -> bool:
    """Whether the path is a hard negative: documentation, tests, mocks, OpenAPI descriptions, vendored code."""
    parts = PurePosixPath(path.lower())
    name = parts.name
    if parts.suffix in QUIET_SUFFIXES and not name.startswith("requirements"):
        return True
    if name.startswith(("test_", "conftest", *_OPENAPI_NAMES)) or any(
        word in name for word in ("_test.", ".test.", ".spec.", ".mock.", ".e2e.")
    ):
        return True
    return any(part in QUIET_FOLDERS for part in parts.parts[:-1])
