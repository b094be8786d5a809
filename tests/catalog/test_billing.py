"""From the words of a bill to a vendor."""

import pytest

from shadowscan.catalog import load_catalog


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("descriptor", "OPENAI *CHATGPT SUBSCR", ("openai", "seat")),
        ("descriptor", "OPENAI* API", ("openai", "api")),
        ("descriptor", "ANTHROPICPBC", ("anthropic", "api")),
        ("descriptor", "CLAUDE.AI SUBSCRIPTION", ("anthropic", "seat")),
        ("descriptor", "CURSOR, AI POWERED IDE", ("cursor", "seat")),
        ("descriptor", "PAYPAL *OPENAI", ("openai", "api")),
        ("descriptor", "SQ *CURSOR COFFEE", None),
        ("descriptor", "OPENAIRE", None),
        ("descriptor", "CURSOR COFFEE", None),
        ("service", "Claude Sonnet 4.6 (Amazon Bedrock Edition)", ("aws-bedrock", "api")),
        ("service", "AmazonBedrock", ("aws-bedrock", "api")),
        ("usage_type", "USE1-MP:USE1_InputTokenCount-Units", ("aws-bedrock", "api")),
        ("usage_type", "USW2-MP:USW2_output_tokens_global_standard-Units", ("aws-bedrock", "api")),
        ("usage_type", "USE1-Claude4.6Sonnet-input-tokens", ("aws-bedrock", "api")),
        ("usage_type", "USE1-BoxUsage:t3.micro", None),
        ("service", "OpenAI API", ("openai", "api")),
        ("service", "AmazonEC2", None),
        ("legal", "OpenAI OpCo, LLC", ("openai", "api")),
        ("legal", "Anthropic, PBC", ("anthropic", "api")),
    ],
)
def test_bill_when_words_are_known_then_vendor_and_product(
    kind: str, text: str, expected: tuple[str, str] | None
) -> None:
    assert load_catalog().bill_vendor(kind, text) == expected
