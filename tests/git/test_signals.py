"""Signals of LLM use: what counts, what it is called, and the files that never count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.catalog import load_catalog
from shadowscan.git.lexicon import build_lexicon
from shadowscan.git.signals import find_signals

LEXICON = build_lexicon(load_catalog(), ["llm.acme.example"])
NGINX = "location /v1/ {\n  proxy_pass https://api.openai.com;\n}\n"
ROUTE = '@app.post("/v1/chat/completions")\nasync def chat(request): ...\n'


def seen(path: str, text: str) -> set[tuple[str, str]]:
    return {(signal.kind, signal.vendor_id) for signal in find_signals(path, text.encode(), LEXICON)}


@pytest.mark.parametrize(
    ("path", "text", "vendor"),
    [
        ("a.py", "from openai import OpenAI", "openai"),
        ("a.py", "import anthropic.types", "anthropic"),
        ("a.py", "import boto3\nc = boto3.client('bedrock-runtime')", "aws-bedrock"),
        ("a.py", "print 'old'\nimport openai", "openai"),
        ("a.ts", 'import OpenAI from "openai";', "openai"),
        ("a.js", "const c = require('@anthropic-ai/sdk')", "anthropic"),
        ("a.go", 'import (\n\t"github.com/openai/openai-go"\n)', "openai"),
        ("A.java", "import com.openai.client.OpenAIClient;", "openai"),
        ("A.cs", "using OpenAI.Chat;", "openai"),
        ("a.rb", 'require "anthropic"', "anthropic"),
        ("a.rs", "use async_openai::Client;", "openai"),
        ("requirements.txt", "openai==2.8.0", "openai"),
        ("package.json", '{"dependencies": {\n  "openai": "^5"\n}}', "openai"),
        ("go.mod", "require github.com/anthropics/anthropic-sdk-go v1.2.0", "anthropic"),
        ("pyproject.toml", '[project]\ndependencies = [\n  "openai>=2",\n]', "openai"),
    ],
)
def test_sdk_when_imported_or_declared_then_vendor_named(path: str, text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "import boto3\ns3 = boto3.client('s3')"),
        ("a.py", "text = 'import openai'"),
        ("a.py", "from openai_of_ours import x"),
        ("a.py", "token = os.environ['GITHUB_TOKEN']"),
        ("a.py", "# see https://api.openai.com"),
        ("a.py", "u = 'https://api.openai.com.evil.example'"),
        ("a.py", "u = 'https://status.openai.com'"),
        ("README.md", "call https://api.openai.com with `import openai`"),
        ("tests/test_a.py", "import openai"),
        ("docs/a.py", "import openai"),
        ("openapi.yaml", "paths:\n  /v1/chat/completions:"),
        ("a.py", "import openai\0\0"),
    ],
)
def test_file_when_it_uses_no_vendor_then_silent(path: str, text: str) -> None:
    assert seen(path, text) == set()


@pytest.mark.parametrize(
    ("line", "vendor", "word"),
    [
        ('base_url="https://llm.acme.example/v1"', "gateway", "host=llm.acme.example"),
        ('base_url="https://us.api.openai.com/v1"', "openai", "region=us"),
        ('base_url=os.environ["X"]', "unknown", "run time"),
        ('base_url="https://models.other.example"', "unknown", "host=models.other.example"),
    ],
)
def test_base_url_when_set_then_resolved_to_gateway_vendor_or_open(line: str, vendor: str, word: str) -> None:
    (signal,) = find_signals("a.py", f"llm = Client({line})".encode(), LEXICON)

    assert (signal.kind, signal.vendor_id) == ("base_url", vendor)
    assert word in signal.detail


def test_region_when_given_to_bedrock_client_then_in_detail() -> None:
    found = find_signals("a.py", b"c = boto3.client('bedrock-runtime', region_name='eu-west-1')", LEXICON)

    assert any("region=eu-west-1" in signal.detail for signal in found)


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("app.py", ROUTE, "exposes"),
        ("nginx.conf", NGINX, "upstream"),
        ("nginx.conf", NGINX, "exposes"),
        ("app.py", ROUTE + 'headers={"Authorization": "Bearer " + os.environ["K"]}', "credential_swap"),
        ("app.py", ROUTE + "MODEL_MAP = {}", "fan_out"),
        ("litellm_config.yaml", "model_list:\n- litellm_params: {}", "gateway_config"),
        ("compose.yaml", "  image: ghcr.io/berriai/litellm:main", "gateway_config"),
    ],
)
def test_gateway_feature_when_present_then_signalled(path: str, text: str, kind: str) -> None:
    assert kind in {signal.kind for signal in find_signals(path, text.encode(), LEXICON)}


@pytest.mark.parametrize(
    "call",
    [
        'requests.post("https://api.openai.com/v1/chat/completions", headers={"Authorization": os.environ["K"]})',
        'client.post("/v1/chat/completions", json=body)',
        'http.post("/v1/messages", body)',
        'PATH = "/v1/chat/completions"',
        'await fetch(`${base}/v1/responses`, {headers: {"Authorization": process.env.K}})',
    ],
)
def test_client_when_it_posts_to_a_route_then_nothing_is_exposed(call: str) -> None:
    path = "client.ts" if "await" in call else "client.py"
    kinds = {signal.kind for signal in find_signals(path, call.encode(), LEXICON)}

    assert kinds.isdisjoint({"exposes", "upstream"})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", 'http.HandleFunc("/v1/chat/completions", relay)'),
        ("a.go", 'r.POST("/v1/messages", relay)'),
        ("a.js", "app.post('/v1/chat/completions', relay)"),
        ("A.java", '@PostMapping("/v1/embeddings")'),
        ("A.cs", 'app.MapPost("/v1/chat/completions", Relay);'),
        ("a.py", 'urlpatterns = [path("v1/messages", relay)]'),
    ],
)
def test_route_when_registered_on_a_server_then_exposed(path: str, text: str) -> None:
    assert ("exposes", "unknown") in seen(path, text)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["a.py", "a.ts", "a.go", "package.json", "nginx.conf", "requirements.txt", "x.yaml"]),
)
def test_signals_when_bytes_are_hostile_then_total(data: bytes, path: str) -> None:
    assert isinstance(find_signals(path, data, LEXICON), list)


def test_find_signals_when_a_data_file_lists_hosts_then_none_but_a_setting_is_one() -> None:
    listed = b"hosts:\n- api.openai.com\n- pattern: api.anthropic.com\nenvironment:\n- OPENAI_API_KEY\n"
    assert find_signals("vendors/list.yaml", listed, LEXICON) == []
    assert find_signals("app.yaml", b"llm:\n  endpoint: https://api.openai.com/v1\n", LEXICON) != []
    assert find_signals("docker-compose.yml", b"environment:\n  - OPENAI_API_KEY\n", LEXICON) != []
