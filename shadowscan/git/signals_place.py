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
    ]
)
QUIET_SUFFIXES = frozenset({".md", ".rst", ".txt", ".adoc", ".ipynb", ".lock", ".svg", ".csv", ".html", ".map"})
LANGUAGES = {
    ".py": "python",
    ".js": "js",
    ".jsx": "js",
    ".mjs": "js",
    ".cjs": "js",
    ".ts": "js",
    ".tsx": "js",
    ".go": "go",
    ".java": "java",
    ".kt": "java",
    ".cs": "csharp",
    ".rb": "ruby",
    ".rs": "rust",
    ".php": "php",
}
_OPENAPI_NAMES = ("openapi", "swagger")


def language_of(path: str) -> str:
    """The programming language of a path, or an empty string for configuration and the rest."""
    return LANGUAGES.get(PurePosixPath(path).suffix.lower(), "")


def is_quiet(path: str) -> bool:
    """Whether the path is a hard negative: documentation, tests, mocks, OpenAPI descriptions, vendored code."""
    parts = PurePosixPath(path.lower())
    name = parts.name
    if parts.suffix in QUIET_SUFFIXES and not name.startswith("requirements"):
        return True
    if name.startswith(("test_", "conftest", *_OPENAPI_NAMES)) or any(
        word in name for word in ("_test.", ".test.", ".spec.", ".mock.")
    ):
        return True
    return any(part in QUIET_FOLDERS for part in parts.parts[:-1])
