"""Rust. A crate is used by its name with `_`."""

from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="rust",
    suffixes=(".rs",),
    ecosystem="cargo",
    grammar=("tree_sitter_rust", "language"),
    separator="::",
    query="""
    (use_declaration argument: (_) @import)
    (extern_crate_declaration name: (_) @import)
    (attribute_item (attribute (_) @decorator arguments: (_) @arguments))
    (call_expression function: (_) @callee arguments: (arguments) @arguments)
    (field_initializer field: (_) @name value: (_) @value)
    (let_declaration pattern: (_) @name value: (_) @value)
    (const_item name: (_) @name value: (_) @value)
    (static_item name: (_) @name value: (_) @value)
    (assignment_expression left: (_) @name right: (_) @value)
    (binary_expression (string_literal) @compared) @comparison
    (match_arm pattern: (match_pattern (string_literal) @case))
    (string_literal) @string
    (raw_string_literal) @string
    (line_comment) @comment
    (block_comment) @comment
    """,
)
