"""TypeScript."""

from shadowscan.git.languages._ecmascript import QUERY
from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="typescript",
    suffixes=(".ts", ".mts", ".cts"),
    ecosystem="npm",
    grammar=("tree_sitter_typescript", "language_typescript"),
    separator="/",
    query=QUERY,
)
