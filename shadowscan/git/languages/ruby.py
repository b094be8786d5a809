"""Ruby. `require` is a call; a gem is required by its own name, with `/` or `-`."""

from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="ruby",
    suffixes=(".rb", ".rake", ".ru"),
    ecosystem="gem",
    grammar=("tree_sitter_ruby", "language"),
    separator="/",
    modules={"deepl": "deepl-rb"},
    query="""
    (call method: (identifier) @_require arguments: (argument_list . (string) @import)
      (#eq? @_require "require"))
    (call receiver: (_) @callee method: (identifier) @method arguments: (argument_list) @arguments)
    (call !receiver method: (identifier) @callee arguments: (argument_list) @arguments)
    (pair key: (_) @name value: (_) @value)
    (assignment left: (_) @name right: (_) @value)
    (keyword_parameter name: (_) @name value: (_) @value)
    (binary (string) @compared) @comparison
    (when pattern: (pattern (string) @case))
    (string) @string
    (comment) @comment
    """,
)
