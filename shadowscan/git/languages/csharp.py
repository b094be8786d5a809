"""C#. Namespaces are called like the NuGet packages that hold them."""

from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="csharp",
    suffixes=(".cs",),
    ecosystem="nuget",
    grammar=("tree_sitter_c_sharp", "language"),
    separator=".",
    modules={
        "amazon.bedrockruntime": "awssdk.bedrockruntime",
        "amazon.bedrock": "awssdk.bedrock",
        "amazon.bedrockagentruntime": "awssdk.bedrockagentruntime",
        "amazon.sagemakerruntime": "awssdk.sagemakerruntime",
        "google.cloud.aiplatform": "google.cloud.aiplatform.v1",
        "deepl": "deepl.net",
        "pinecone": "pinecone.client",
        "llama": "llamasharp",
    },
    query="""
    (using_directive [(qualified_name) (identifier)] @import)
    (attribute name: (_) @decorator (attribute_argument_list) @arguments)
    (invocation_expression function: (_) @callee arguments: (argument_list) @arguments)
    (object_creation_expression type: (_) @callee arguments: (argument_list) @arguments)
    (assignment_expression left: (_) @name right: (_) @value)
    (variable_declarator name: (_) @name (_) @value)
    (argument name: (_) @name (_) @value)
    (binary_expression (string_literal) @compared) @comparison
    (constant_pattern (string_literal) @case)
    (string_literal) @string
    (verbatim_string_literal) @string
    (raw_string_literal) @string
    (interpolated_string_expression) @string
    (comment) @comment
    """,
)
