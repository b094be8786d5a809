"""TypeScript with JSX, and the scripts of Vue and Svelte components, whose markup the grammar steps over."""

from shadowscan.git.languages._ecmascript import QUERY
from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="tsx",
    suffixes=(".tsx", ".vue", ".svelte"),
    ecosystem="npm",
    grammar=("tree_sitter_typescript", "language_tsx"),
    separator="/",
    query=QUERY,
)
