"""What JavaScript and TypeScript have in common: their trees and their packages."""

QUERY = """
    (import_statement source: (string) @import)
    (export_statement source: (string) @import)
    (call_expression function: (identifier) @_require arguments: (arguments . (string) @import)
      (#eq? @_require "require"))
    (call_expression function: (import) arguments: (arguments . (string) @import))
    (decorator (call_expression function: (_) @decorator arguments: (_) @arguments))
    (call_expression function: (_) @callee arguments: (arguments) @arguments)
    (new_expression constructor: (_) @callee arguments: (arguments) @arguments)
    (pair key: (_) @name value: (_) @value)
    (variable_declarator name: (_) @name value: (_) @value)
    (assignment_expression left: (_) @name right: (_) @value)
    (binary_expression (string) @compared) @comparison
    (switch_case value: (string) @case)
    (string) @string
    (template_string) @string
    (comment) @comment
"""
