"""Acme's three repositories, with a history: a deleted key, a home-made gateway, and one team that did it right.

Every key is made while the demo is written, from a seed, so that nothing here looks like one to a scanner.
"""

import base64
import random
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import git

SEED = 20260401
BASE62 = string.ascii_letters + string.digits
INFIX = base64.b64encode(b"OpenAI").decode()
PEOPLE = {"lee": "Lee Park <lee@acme.example>", "dana": "Dana Alvarez <dana@acme.example>"}

RANKER_CODE = """\
import os

from openai import OpenAI

client = OpenAI(api_key=os.environ["OPENAI_API_KEY"], base_url="https://us.api.openai.com/v1")


def rank(query: str, titles: list[str]) -> str:
    return client.responses.create(model="gpt-5", input=f"{query}: {titles}").output_text
"""
PROXY_CODE = """\
import os

import httpx
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import StreamingResponse

app = FastAPI()
TEAM_KEYS = set(os.environ["TEAM_KEYS"].split(","))
UPSTREAMS = {
    "gpt": ("https://api.openai.com", os.environ["OPENAI_API_KEY"]),
    "mistral": ("https://api.mistral.ai", os.environ["MISTRAL_API_KEY"]),
}


@app.post("/v1/chat/completions")
async def chat(request: Request, x_api_key: str = Header()):
    if x_api_key not in TEAM_KEYS:
        raise HTTPException(401)
    body = await request.json()
    base, key = UPSTREAMS["mistral" if body["model"].startswith("mistral") else "gpt"]
    upstream = httpx.AsyncClient().stream(
        "POST", f"{base}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}
    )

    async def relay():
        async with upstream as answer:
            async for chunk in answer.aiter_bytes():
                yield chunk

    return StreamingResponse(relay(), media_type="text/event-stream")
"""
PROXY_IMAGE = """\
FROM python:3.12-slim
COPY . /app
WORKDIR /app
EXPOSE 4000
CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "4000"]
"""
CRM_CODE = """\
import os

from anthropic import Anthropic

client = Anthropic(api_key=os.environ["GATEWAY_KEY"], base_url="https://llm.acme.internal")


def summarise(ticket: str) -> str:
    return client.messages.create(model="claude-sonnet-4-6", max_tokens=300, messages=[]).content[0].text
"""

History = list[tuple[str, str, datetime, dict[str, str | None]]]


def write_repositories(folder: Path) -> list[Path]:
    """Make the repositories below `folder`; gives their paths."""
    chance = random.Random(SEED)  # noqa: S311 - a story, not a secret
    openai_key = _openai_key(chance)
    anthropic_key = _anthropic_key(chance)
    made = [
        _make(folder / "search-ranker", _ranker_history(openai_key)),
        _make(folder / "llm-proxy", _proxy_history()),
        _make(folder / "crm", _crm_history()),
    ]
    (made[2] / ".env").write_text(f"ANTHROPIC_API_KEY={anthropic_key}\n", encoding="utf-8")
    return made


def _ranker_history(key: str) -> History:
    return [
        (
            "lee",
            "Rank with a model",
            _at(2026, 5, 4),
            {"ranker.py": RANKER_CODE, "requirements.txt": "openai==2.8.0\n", ".env": f"OPENAI_API_KEY={key}\n"},
        ),
        ("lee", "Remove .env", _at(2026, 5, 6), {".env": None, ".gitignore": ".env\n"}),
        ("dana", "Say who owns this", _at(2026, 6, 1), {".github/CODEOWNERS": "* @acme/search\n"}),
    ]


def _proxy_history() -> History:
    return [
        (
            "lee",
            "A small proxy, until the gateway is ready",
            _at(2026, 6, 15),
            {"app.py": PROXY_CODE, "requirements.txt": "fastapi\nhttpx\n", "Dockerfile": PROXY_IMAGE},
        ),
        ("lee", "Say who owns this", _at(2026, 6, 16), {"CODEOWNERS": "* @acme/search-platform\n"}),
    ]


def _crm_history() -> History:
    return [
        (
            "dana",
            "Summarise tickets through the gateway",
            _at(2026, 7, 1),
            {
                "summary.py": CRM_CODE,
                "requirements.txt": "anthropic\n",
                "CODEOWNERS": "* @acme/support\n",
                ".gitignore": ".env\n",
            },
        ),
    ]


def _make(path: Path, history: History) -> Path:
    import git

    repository = git.Repo.init(path, initial_branch="main")
    repository.create_remote("origin", f"git@github.com:acme/{path.name}.git")
    for who, message, moment, files in history:
        for name, text in files.items():
            _apply(repository, path.resolve() / name, text)
        author = git.Actor._from_string(PEOPLE[who])
        stamp = f"{int(moment.timestamp())} +0000"
        repository.index.commit(message, author=author, committer=author, author_date=stamp, commit_date=stamp)
    repository.close()
    return path


def _apply(repository: "git.Repo", file: Path, text: str | None) -> None:
    if text is None:
        repository.index.remove([str(file)], working_tree=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    repository.index.add([str(file)])


def _openai_key(chance: random.Random) -> str:
    body = ["".join(chance.choices(BASE62, k=74)) for _ in range(2)]
    return f"sk-proj-{body[0]}{INFIX}{body[1]}"


def _anthropic_key(chance: random.Random) -> str:
    return f"sk-ant-{'api03'}-{''.join(chance.choices(BASE62, k=93))}AA"


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)
