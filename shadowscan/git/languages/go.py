"""Go. Imports carry a major version behind the module's path, which the longest known beginning steps over."""

from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="go",
    suffixes=(".go",),
    ecosystem="go",
    grammar=("tree_sitter_go", "language"),
    separator="/",
    query="""
    (import_spec path: (_) @import)
    (call_expression function: (_) @callee arguments: (argument_list) @arguments)
    (keyed_element . (literal_element) @name (literal_element) @value .)
    (short_var_declaration left: (_) @name right: (_) @value)
    (assignment_statement left: (_) @name right: (_) @value)
    (const_spec name: (_) @name value: (_) @value)
    (var_spec name: (_) @name value: (_) @value)
    (binary_expression [(interpreted_string_literal) (raw_string_literal)] @compared) @comparison
    (expression_case value: (expression_list (interpreted_string_literal) @case))
    (interpreted_string_literal) @string
    (raw_string_literal) @string
    (comment) @comment
    """,
)
