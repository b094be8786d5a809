"""JavaScript, JSX included."""

from shadowscan.git.languages._ecmascript import QUERY
from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="javascript",
    suffixes=(".js", ".jsx", ".mjs", ".cjs"),
    ecosystem="npm",
    grammar=("tree_sitter_javascript", "language"),
    separator="/",
    query=QUERY,
)
