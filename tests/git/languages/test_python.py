"""Python: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.py"
SET_UP = 'llm = OpenAI(base_url="https://llm.acme.example/v1")'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("from openai import OpenAI", "openai"),
        ("import anthropic.types as t", "anthropic"),
        ("from google import genai", "google-gemini"),
        ("from azure.ai.inference import ChatCompletionsClient", "azure-openai"),
        ("import boto3\nc = boto3.client(service_name='bedrock-runtime')", "aws-bedrock"),
        ("print 'python 2'\nimport openai", "openai"),
        ("def broken(:\nimport openai", "openai"),
        ("from langchain.chat_models import x", "unknown"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        "import boto3\ns3 = boto3.client('s3')",
        "text = 'import openai'",
        '"""\nimport openai\n"""',
        "# import openai",
        "from openai_of_ours import x",
        "from .openai import x",
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        '@app.post("/v1/chat/completions")\nasync def chat(): ...',
        '@router.api_route("/chat/completions", methods=["POST"])\ndef chat(): ...',
        'app.add_api_route("/v1/messages", relay, methods=["POST"])',
        'urlpatterns = [path("v1/messages", relay)]',
        'router = APIRouter(prefix="/v1")\n@router.post("/messages")\ndef m(): ...',
        'class H(BaseHTTPRequestHandler):\n  def do_POST(self):\n    if self.path == "/v1/chat/completions": pass',
        'def handler(event, context):\n  if event["rawPath"].startswith("/v1/chat/completions"): pass',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'client.post("/v1/chat/completions", json=body)',
        'self._post("/chat/completions", body=body, cast_to=X)',
        'requests.post(f"{base}/v1/chat/completions", json=body)',
        'PATH = "/v1/chat/completions"',
        '@mock.post("/v1/x")\ndef f(): ...',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
