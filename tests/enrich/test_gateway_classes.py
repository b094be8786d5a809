"""The class of one unit, from its files: gateways in every language and product, and what only looks like one."""

import pytest

from shadowscan.enrich import gateways
from shadowscan.figures.report import build_report
from shadowscan.policy import Policy
from tests.enrich.hits import hit
from tests.enrich.records import CATALOG, Network
from tests.git.seen import signals

FASTAPI = """import os, httpx
from fastapi import FastAPI, HTTPException, Request
app = FastAPI()
@app.post("/v1/chat/completions")
async def chat(request: Request, x_api_key: str):
    if not check_key(x_api_key):
        raise HTTPException(status_code=401)
    headers = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
    return await httpx.AsyncClient().post("https://api.openai.com/v1/chat/completions", headers=headers)
"""
EXPRESS = """const app = express();
app.post("/v1/chat/completions", async (req, res) => {
  const r = await fetch("https://api.openai.com/v1/chat/completions", {
    method: "POST", headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` }, body: req.body });
  r.body.pipe(res);
});
"""
GO = """package main
func main() {
	u, _ := url.Parse("https://api.openai.com")
	p := httputil.NewSingleHostReverseProxy(u)
	http.HandleFunc("/v1/chat/completions", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))
		p.ServeHTTP(w, r)
	})
}
"""
JAVA = """import org.springframework.web.bind.annotation.*;
class Proxy {
  @PostMapping("/v1/chat/completions")
  String chat(@RequestBody String body) {
    HttpHeaders headers = new HttpHeaders();
    headers.set("Authorization", "Bearer " + key);
    return client.exchange("https://api.openai.com/v1/chat/completions", POST, headers, String.class);
  }
}
"""
LAMBDA = """import os, requests
def handler(event, context):
    if event["rawPath"] == "/v1/chat/completions":
        return requests.post("https://api.openai.com/v1/chat/completions", data=event["body"],
            headers={"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]})
"""
WORKER = """export default {
  async fetch(request, env) {
    const url = new URL(request.url); url.host = "api.openai.com";
    return fetch(new Request(url, { method: request.method, body: request.body,
      headers: { Authorization: `Bearer ${env.OPENAI_API_KEY}` } }));
  },
};
"""
NGINX = """location /v1/ {
  proxy_set_header Authorization "Bearer $key";
  proxy_pass https://api.openai.com;
}
"""
BEDROCK = """import boto3
from fastapi import APIRouter, Depends
router = APIRouter(prefix="/chat", dependencies=[Depends(api_key_auth)])
bedrock = boto3.client("bedrock-runtime")
@router.post("/completions")
def chat(request): return bedrock.converse(**request)
"""
GATEWAYS = {
    "app.py": FASTAPI,
    "server.js": EXPRESS,
    "main.go": GO,
    "Proxy.java": JAVA,
    "lambda_function.py": LAMBDA,
    "worker.js": WORKER,
    "nginx.conf": NGINX,
    "chat.py": BEDROCK,
    "compose.yaml": "services:\n  llm:\n    image: ghcr.io/berriai/litellm:main\n",
    "docker-compose.yml": "services:\n  llm:\n    image: justsong/one-api\n",
    "Dockerfile": "FROM portkeyai/gateway\n",
    "kong.yml": '_format_version: "3.0"\nplugins:\n- name: ai-proxy\n',
}
OTHERS = {
    "client.py": 'import httpx\nclient = httpx.Client(base_url="https://api.openai.com")\n'
    'client.post("/v1/chat/completions", headers={"Authorization": key})\n',
    "sdk.py": 'class C:\n  def create(self, **body): return self._post("/chat/completions", body=body)\n',
    "sdk.ts": 'export class C { create(body) { return this._client.post("/chat/completions", { body }); } }',
    "tests/mock_server.py": FASTAPI,
    "examples/proxy.py": FASTAPI,
    "docs/nginx.conf": NGINX,
    "openapi.yaml": "paths:\n  /v1/chat/completions:\n    post: {}\nservers:\n- url: https://api.openai.com\n",
    "README.md": "Proxy https://api.openai.com with `@app.post('/v1/chat/completions')`",
    "chat.ipynb": FASTAPI,
    "node_modules/litellm/proxy.js": EXPRESS,
    "backend.py": 'import openai\n@app.post("/ask")\ndef ask(q): return openai.OpenAI().responses.create(input=q)\n',
    "nginx.conf": NGINX.replace("api.openai.com", "backend.acme.example"),
}


def class_of(network: Network, path: str, text: str) -> list[str]:
    for signal in signals(path, text):
        more = {"line": signal.line, "detail": signal.detail, "weight": signal.weight, "path": path}
        hit(network.store, signal.kind, signal.vendor_id, **more)
    gateways.build(network.context)
    return [row[0] for row in network.store.query("select class from llm_gateway").rows]


@pytest.mark.parametrize("path", GATEWAYS)
def test_unit_when_it_is_a_gateway_then_homemade(path: str) -> None:
    assert class_of(Network(), path, GATEWAYS[path]) == ["homemade_gateway"]


@pytest.mark.parametrize("path", OTHERS)
def test_unit_when_it_only_looks_like_a_gateway_then_no_class(path: str) -> None:
    assert class_of(Network(), path, OTHERS[path]) == []


def test_unit_when_it_passes_its_clients_keys_on_then_only_gateway_shaped() -> None:
    text = WORKER.replace("headers: { Authorization: `Bearer ${env.OPENAI_API_KEY}` }", "headers: request.headers")

    assert class_of(Network(), "worker.js", text) == ["gateway_shaped"]


def test_unit_when_it_serves_a_model_of_its_own_then_self_hosted() -> None:
    text = 'from vllm import LLM\n@app.post("/v1/chat/completions")\ndef chat(): return llm.generate()\n'

    assert class_of(Network(), "serve.py", text) == ["self_hosted_inference"]


def test_unit_when_its_only_upstream_is_the_approved_gateway_then_no_finding() -> None:
    policy = Policy.model_validate({"gateways": [{"name": "gw", "hosts": ["llm.acme.example"]}]})

    found = class_of(Network(policy=policy), "app.py", FASTAPI.replace("api.openai.com", "llm.acme.example"))

    assert "homemade_gateway" not in found


def test_concern_when_code_takes_it_on_then_its_place_is_kept_and_reported() -> None:
    network = Network()
    class_of(network, "app.py", FASTAPI + "\ndef rate_limiter(): ...\n\n\nprompt_registry = {}\n")

    rows = network.store.query("select concern, path, line from llm_gateway_concern order by concern").rows
    report = build_report(network.store, "gateways", policy=network.policy, catalog=CATALOG)
    matrix, solved = (dict(zip(s.columns, row, strict=True)) for s in report.sections[:2] for row in s.rows[:1])

    assert [tuple(row) for row in rows] == [
        ("auth", "app.py", 6),
        ("prompt_registry", "app.py", 14),
        ("rate_limit", "app.py", 11),
    ]
    assert {name for name, mark in matrix.items() if mark == "x"} == {"auth", "prompt_registry", "rate_limit"}
    assert (matrix["gateway"], matrix["concerns"], solved["times_solved"]) == ("acme/api", 3, 1)
    assert len(report.sections[1].rows) == 9
    assert ("acme/api", "auth", "app.py:6", "4b825dc6") in report.sections[3].rows
