"""Names of models: who makes the model a name means, and which geography a Bedrock id pins."""

import re

# Beginnings of model names → the maker's catalogue id. Names, not vendors that serve them: many serve each.
_FAMILIES = (
    ("openai", r"gpt-(?:3\.5|4|5|image|realtime|oss)|chatgpt-|o[134](?:-|$)|text-(?:embedding-(?:3|ada)|davinci)"),
    ("openai", r"dall-e-|whisper-1|tts-1|codex-"),
    ("anthropic", r"claude-"),
    ("google-gemini", r"(?:gemini-|gemma-|text-bison|chat-bison|imagen-|veo-)"),
    ("mistral", r"(?:mistral-|mixtral-|codestral|ministral|pixtral|magistral|devstral|open-mi[sx]tral)"),
    ("cohere", r"(?:command-(?:r|a|light|nightly)|embed-(?:english|multilingual|v4)|rerank-)"),
    ("deepseek", r"deepseek-"),
    ("xai", r"grok-"),
    ("perplexity", r"(?:sonar(?:-|$)|pplx-)"),
    ("alibaba-qwen", r"(?:qwen|qwq)"),
    ("unknown", r"(?:llama-?[234]|meta-llama)"),
    ("zhipu", r"glm-[34]"),
    ("moonshot", r"(?:kimi-|moonshot-v1)"),
)  # fmt: skip
_FAMILY = tuple((vendor, re.compile(pattern, re.IGNORECASE)) for vendor, pattern in _FAMILIES)
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@-]{2,120}$")
_BEDROCK = re.compile(
    r"(?:arn:aws[\w-]*:bedrock:[\w-]*:\d*:(?:inference-profile|foundation-model)/)?"
    r"(?:([a-z]{2,6}(?:-gov)?)\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen|writer|stability|twelvelabs)\.[a-z][\w.:-]+$"
)
MODEL_NAME = re.compile(
    r"(?:^|[_a-z-])(?:model(?:_?(?:name|id))?|modelid|deployment(?:_?(?:name|id))?|engine)$", re.IGNORECASE
)
BEDROCK = "aws-bedrock"


def maker_of(name: str) -> str:
    """Catalogue id of who makes the model, `aws-bedrock` for an id of Bedrock's form; empty for any other text."""
    if not _NAME.match(name):
        return ""
    if _BEDROCK.match(name):
        return BEDROCK
    short = name.rsplit("/", 1)[-1]
    return next((vendor for vendor, pattern in _FAMILY if pattern.match(short)), "")


def profile_of(name: str) -> str:
    """The geography that a Bedrock model id or profile ARN names (`eu`, `us`, `global` …); empty where none."""
    found = _BEDROCK.match(name)
    return found[1] or "" if found else ""
