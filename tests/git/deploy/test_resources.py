"""Resources, regions and SKUs, CI jobs, agents and settings: what deploy files say of models."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.git.seen import details, seen, signals

TERRAFORM = """provider "aws" {
  region = "eu-central-1"
}
variable "place" { default = "swedencentral" }
resource "aws_bedrock_inference_profile" "a" {
  name = "a"
  model_source { copy_from = "eu.anthropic.claude-sonnet-4-20250514-v1:0" }
}
resource "azurerm_cognitive_account" "b" {
  kind     = "OpenAI"
  location = "West Europe"
}
resource "azurerm_cognitive_deployment" "c" {
  location = var.place
  sku { name = "GlobalStandard" }
  # sku { name = "Standard" }
}
"""


def test_terraform_when_it_makes_model_services_then_region_sku_and_model() -> None:
    assert details("main.tf", TERRAFORM, "resource") == [
        "aws_bedrock_inference_profile region=eu-central-1",
        "azurerm_cognitive_account region=westeurope",
        "azurerm_cognitive_deployment region=swedencentral sku=GlobalStandard",
    ]
    assert details("main.tf", TERRAFORM, "model") == [
        "model=eu.anthropic.claude-sonnet-4-20250514-v1:0 region=eu profile"
    ]


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_s3_bucket" "a" { bucket = "aws_bedrock_logs" }',
        'resource "azurerm_cognitive_account" "b" {\n kind = "SpeechServices"\n location = "westeurope"\n}',
        'data "aws_region" "a" {}',
        '# resource "aws_bedrock_guardrail" "a" {}',
    ],
)
def test_terraform_when_it_makes_something_else_then_nothing(text: str) -> None:
    assert seen("main.tf", text) == set()


def test_cloudformation_when_it_makes_bedrock_things_then_resource_and_model() -> None:
    text = (
        "Resources:\n  A:\n    Type: AWS::Bedrock::Agent\n    Properties:\n      FoundationModel: anthropic.claude-v2\n"
    )

    assert seen("template.yaml", text) == {("resource", "aws-bedrock"), ("model", "aws-bedrock")}


def test_arm_and_bicep_when_they_deploy_openai_then_region_and_sku() -> None:
    arm = (
        '{"resources": [{"type": "Microsoft.CognitiveServices/accounts", "kind": "OpenAI", "location": "swedencentral",'
        ' "sku": {"name": "S0"}}]}'
    )
    bicep = (
        "param location string = 'swedencentral'\n"
        "resource a 'Microsoft.CognitiveServices/accounts@2024-10-01' = {\n kind: 'OpenAI'\n}\n"
        "resource d 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = {\n"
        " sku: {\n  name: 'Standard'\n }\n}\n"
    )

    assert details("azure.json", arm, "resource") == ["Microsoft.CognitiveServices/accounts region=swedencentral"]
    assert details("main.bicep", bicep, "resource")[1].endswith("deployments region=swedencentral sku=Standard")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/a.yml", "jobs:\n  a:\n    env:\n      OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}\n"),
        (".gitlab-ci.yml", "a:\n  script:\n    - run --key $OPENAI_API_KEY\n"),
        (".circleci/config.yml", "jobs: {a: {environment: {OPENAI_API_KEY: $KEY}}}"),
    ],
)
def test_job_when_it_is_given_a_vendors_key_then_said(path: str, text: str) -> None:
    assert seen(path, text) == {("ci_secret", "openai")}


def test_action_when_it_calls_a_vendor_then_its_sdk() -> None:
    assert ("sdk", "anthropic") in seen(
        ".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n    - uses: anthropics/claude-code-action@v1\n"
    )


def test_agent_when_it_has_servers_then_each_is_listed_without_its_arguments() -> None:
    text = '{"mcpServers": {"a": {"command": "npx", "args": ["x"]}, "b": {"url": "https://mcp.acme.example/k/secret"}}}'

    assert details(".mcp.json", text, "agent_config") == [
        "mcp server=a command=npx",
        "mcp server=b host=mcp.acme.example",
    ]


def test_n8n_when_a_node_calls_a_vendor_then_named() -> None:
    assert seen("flow.json", '{"nodes": [{"type": "@n8n/n8n-nodes-langchain.lmChatOpenAi"}]}') == {("sdk", "openai")}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".env.production", "OPENAI_BASE_URL=https://llm.acme.example/v1", ("base_url", "gateway")),
        (".env.production", "OPENAI_BASE_URL=https://api.openai.com/v1", ("base_url", "openai")),
        ("app.ini", "openai_api_base = https://models.acme.example", ("base_url", "unknown")),
        ("values.yaml", "env:\n- name: OPENAI_BASE_URL\n  value: https://llm.acme.example/v1", ("base_url", "gateway")),
        (
            "chart/templates/d.yaml",
            "env:\n- name: OPENAI_BASE_URL\n  value: {{ .Values.url }}",
            ("base_url", "unknown"),
        ),
        ("compose.yaml", "services:\n  a:\n    environment:\n      - OPENAI_API_KEY", ("environment", "openai")),
        ("appsettings.json", '{"OpenAI": {"Model": "gpt-4o"}}', ("model", "openai")),
        ("run.sh", "curl https://api.openai.com/v1/models", ("endpoint", "openai")),
        ("app.properties", "llm.endpoint=https://bedrock-runtime.eu-west-1.amazonaws.com", ("endpoint", "aws-bedrock")),
        ("Dockerfile", "ENV ANTHROPIC_API_KEY=x", ("environment", "anthropic")),
    ],
)
def test_setting_when_it_names_a_vendor_then_signal(path: str, text: str, expected: tuple[str, str]) -> None:
    assert expected in seen(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs.yaml", "description: see https://api.openai.com for more"),
        ("allow.yaml", "hosts:\n- api.openai.com\n"),
        (".env", "# OPENAI_API_KEY=x"),
        ("conf.json", '{"base_url": "https://crm.acme.example"}'),
        ("openapi.yaml", "paths:\n  /v1/chat/completions: {}\nservers:\n- url: https://api.openai.com"),
    ],
)
def test_setting_when_it_only_mentions_then_no_vendor(path: str, text: str) -> None:
    assert {vendor for _, vendor in seen(path, text)} <= {"unknown"}


PATHS = ["a.tf", "a.yaml", "a.json", "nginx.conf", "Caddyfile", "haproxy.cfg", ".env", "Dockerfile", "main.bicep",
         ".github/workflows/a.yml", ".mcp.json", "compose.yaml", "kong.yml", "tensorzero.toml", "a.sh"]  # fmt: skip
WORDS = st.sampled_from(
    ["{{", "}}", "proxy_pass", "api.openai.com", "&a", "*a", "model_list:", "litellm_params:", "AWS::", "mcpServers",
     "{", "[", "resource", '"', "\n", "\t", ": ", "- ", "ai-proxy"]
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.binary(max_size=300).map(lambda b: b.decode("utf-8", "replace")), st.lists(WORDS).map("".join)),
       st.sampled_from(PATHS))  # fmt: skip
def test_signals_when_a_deploy_file_is_hostile_then_total(text: str, path: str) -> None:
    assert isinstance(signals(path, text), list)


def test_yaml_when_aliases_multiply_then_bounded() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))

    assert isinstance(signals("bomb.yaml", text + "model_list: x\n"), list)
