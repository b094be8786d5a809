"""Python. Module names: the package's with `_`, `.` for packages of a namespace, and the ones that differ."""

from shadowscan.git.languages.interface import Language

LANGUAGE = Language(
    id="python",
    suffixes=(".py", ".pyi"),
    ecosystem="pypi",
    grammar=("tree_sitter_python", "language"),
    separator=".",
    dotted=("google-", "azure-", "llama-index-", "livekit-plugins-"),
    modules={
        "vertexai": "google-cloud-aiplatform",
        "google.cloud.aiplatform": "google-cloud-aiplatform",
        "google.generativeai": "google-generativeai",
        "google.genai": "google-genai",
        "deepgram": "deepgram-sdk",
        "volcenginesdkarkruntime": "volcengine-python-sdk",
        "ibm_watsonx_ai": "ibm-watsonx-ai",
        "pinecone": "pinecone-client",
        "anthropic_bedrock": "anthropic-bedrock",
        "claude_agent_sdk": "claude-agent-sdk",
        "reka": "reka-api",
        "portkey_ai": "portkey-ai",
    },
    query="""
    (import_statement name: (dotted_name) @import)
    (import_statement name: (aliased_import name: (dotted_name) @import))
    (import_from_statement module_name: (dotted_name) @import name: (dotted_name) @imported)
    (import_from_statement module_name: (dotted_name) @import)
    (decorator (call function: (_) @decorator arguments: (_) @arguments))
    (call function: (_) @callee arguments: (argument_list) @arguments)
    (keyword_argument name: (_) @name value: (_) @value)
    (assignment left: (_) @name right: (_) @value)
    (default_parameter name: (_) @name value: (_) @value)
    (typed_default_parameter name: (_) @name value: (_) @value)
    (pair key: (_) @name value: (_) @value)
    (comparison_operator (string) @compared) @comparison
    (case_clause (case_pattern (string) @case))
    (string) @string
    (comment) @comment
    (expression_statement . (string) @comment .)
    """,
)
