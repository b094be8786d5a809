"""Java."""

from shadowscan.git.languages._jvm import MODULES
from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="java",
    suffixes=(".java",),
    ecosystem="maven",
    grammar=("tree_sitter_java", "language"),
    separator=".",
    modules=MODULES,
    masked=((b"=>", b"= "),),
    query="""
    (import_declaration (scoped_identifier) @import)
    (annotation name: (_) @decorator arguments: (_) @arguments)
    (method_invocation object: (_) @callee name: (_) @method arguments: (argument_list) @arguments)
    (method_invocation !object name: (_) @callee arguments: (argument_list) @arguments)
    (object_creation_expression type: (_) @callee arguments: (argument_list) @arguments)
    (element_value_pair key: (_) @name value: (_) @value)
    (variable_declarator name: (_) @name value: (_) @value)
    (assignment_expression left: (_) @name right: (_) @value)
    (binary_expression (string_literal) @compared) @comparison
    (switch_label (string_literal) @case)
    (string_literal) @string
    (line_comment) @comment
    (block_comment) @comment
    """,
)
