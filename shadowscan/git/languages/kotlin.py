"""Kotlin."""

from shadowscan.git.languages._jvm import MODULES
from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="kotlin",
    suffixes=(".kt", ".kts"),
    ecosystem="maven",
    grammar=("tree_sitter_kotlin", "language"),
    separator=".",
    modules=MODULES,
    query="""
    (import (qualified_identifier) @import)
    (annotation (constructor_invocation (user_type) @decorator (value_arguments) @arguments))
    (call_expression . (_) @callee (value_arguments) @arguments)
    (value_argument . (identifier) @name (_) @value .)
    (property_declaration (variable_declaration) @name (_) @value .)
    (assignment left: (_) @name right: (_) @value)
    (binary_expression (string_literal) @compared) @comparison
    (string_literal) @string
    (line_comment) @comment
    (block_comment) @comment
    """,
)
