"""PHP. Packages of Packagist are autoloaded: what is imported is the namespace their manifest maps."""

from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="php",
    suffixes=(".php",),
    ecosystem="packagist",
    grammar=("tree_sitter_php", "language_php"),
    separator="\\",
    modules={
        "anthropic": "anthropic-ai/sdk",
        "deepl": "deeplcom/deepl-php",
        "openai": "openai-php/client",
        "gemini": "google-gemini-php/client",
    },
    query="""
    (namespace_use_clause [(qualified_name) (name)] @import)
    (namespace_use_declaration (namespace_name) @import)
    (attribute (_) @decorator parameters: (arguments) @arguments)
    (function_call_expression function: (_) @callee arguments: (arguments) @arguments)
    (member_call_expression object: (_) @callee name: (_) @method arguments: (arguments) @arguments)
    (scoped_call_expression scope: (_) @callee name: (_) @method arguments: (arguments) @arguments)
    (object_creation_expression (_) @callee (arguments) @arguments)
    (array_element_initializer . (_) @name (_) @value .)
    (assignment_expression left: (_) @name right: (_) @value)
    (const_element (name) @name (_) @value)
    (property_element name: (_) @name default_value: (_) @value)
    (argument name: (_) @name (_) @value)
    (binary_expression [(string) (encapsed_string)] @compared) @comparison
    (case_statement value: [(string) (encapsed_string)] @case)
    (string) @string
    (encapsed_string) @string
    (heredoc) @string
    (comment) @comment
    """,
)
