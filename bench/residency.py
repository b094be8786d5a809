"""Region verdicts against known truth: `python -m bench.residency [SEED]`, a generated month of one company's logs.

CloudTrail, a LiteLLM gateway's log, DNS and flow logs of the same month go through the command line. Each workload has
one route and one place where all of its prompts ran, drawn from the places that route may lead to. Right: proved as it
was. Wrong: proved otherwise. Left: possible or unknown, with the truth beside it.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 9, 1, tzinfo=UTC)
DAYS, EACH, CALLS = 30, 6, 2
INSIDE = frozenset({"eu", "eu-central-1", "eu-west-1", "eu-north-1"})
SOURCE = "eu-central-1"
EUROPE = ("eu-central-1", "eu-north-1", "eu-west-2", "eu-central-2")
WORLD = ("eu-central-1", "us-east-1", "ap-southeast-4")
CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"
OPAQUE = "arn:aws:bedrock:eu-central-1:222222222222:application-inference-profile/9vq1x0"
# Route: what the log shows (host, or model id) and the places it may lead to.
HOSTS = {
    "host pinned to Europe": ("eu.api.openai.com", ("eu",)),
    "host pinned to the US": ("us.api.openai.com", ("us",)),
    "host of Bedrock in Frankfurt": ("bedrock-runtime.eu-central-1.amazonaws.com", WORLD),
    "host of Bedrock in Virginia": ("bedrock-runtime.us-east-1.amazonaws.com", ("us-east-1", "us-west-2")),
    "global host": ("api.openai.com", ("us", "eu")),
    "global host, European head office": ("api.mistral.ai", ("eu", "us")),
    "aggregator": ("openrouter.ai", ("us", "eu", "cn")),
    "Vertex AI in Europe": ("europe-west4-aiplatform.googleapis.com", ("eu", "us")),
}
MODELS = {
    "CloudTrail, plain model": (CLAUDE, ("eu-central-1",), False),
    "CloudTrail, eu. with inferenceRegion": (f"eu.{CLAUDE}", EUROPE, True),
    "CloudTrail, eu. without": (f"eu.{CLAUDE}", EUROPE, False),
    "CloudTrail, global. with inferenceRegion": (f"global.{CLAUDE}", WORLD, True),
    "CloudTrail, global. without": (f"global.{CLAUDE}", WORLD, False),
    "CloudTrail, opaque profile": (OPAQUE, EUROPE, False),
}
GATEWAY = {
    "gateway log, eu. profile": (f"eu.{CLAUDE}", "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x", EUROPE),
    "gateway log, no host": ("openai/gpt-5", "", ("us", "eu")),
}
ADDRESSES = {host: f"198.51.100.{number}" for number, (host, _) in enumerate(HOSTS.values(), 1)}
FLOW_HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
    " vpc-id"
)
Truth = dict[str, tuple[str, bool]]


def times(chance: random.Random) -> Iterator[datetime]:
    """When one workload calls: some minutes of every day of the month."""
    for day in range(DAYS):
        for _ in range(CALLS):
            yield START + timedelta(days=day, seconds=chance.randrange(3600, 80000))


def write_traffic(folder: Path, chance: random.Random) -> Truth:
    """DNS and flow logs of workloads that only the network shows; truth by subject id."""
    truth: Truth = {}
    flows, queries = [FLOW_HEADER], []
    for number, (way, (host, places)) in enumerate(HOSTS.items()):
        for index in range(EACH):
            client = f"10.0.{number}.{index + 10}"
            truth[f"470100000011/vpc-0a/{client}"] = (way, chance.choice(places) in INSIDE)
            for at in times(chance):
                start = int(at.timestamp())
                ends = f"{client} {ADDRESSES[host]} {40000 + index} 443 6 9 8000 {start} {start + 50}"
                flows.append(f"2 470100000011 eni-{number}a{index} {ends} ACCEPT OK vpc-0a")
                queries.append(json.dumps(query(at - timedelta(seconds=2), client, host)))
    (folder / "flow.log").write_text("\n".join(flows) + "\n")
    (folder / "dns.log").write_text("\n".join(queries) + "\n")
    return truth


def query(at: datetime, client: str, host: str) -> dict[str, Any]:
    return {
        "version": "1.100000", "account_id": "470100000011", "region": "eu-central-1", "vpc_id": "vpc-0a",
        "query_timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "query_name": f"{host}.", "query_type": "A",
        "query_class": "IN", "rcode": "NOERROR", "answers": [{"Rdata": ADDRESSES[host], "Type": "A", "Class": "IN"}],
        "srcaddr": client, "srcport": "40000", "transport": "UDP", "srcids": {},
    }  # fmt: skip


def write_cloudtrail(folder: Path, chance: random.Random) -> Truth:
    """CloudTrail of roles that call Bedrock in Frankfurt."""
    truth: Truth = {}
    records = []
    for way, (model, places, is_told) in MODELS.items():
        for index in range(EACH):
            role, place = f"r{len(truth)}", chance.choice(places)
            truth[f"arn:aws:iam::222222222222:role/{role}"] = (way, place in INSIDE)
            # A call that stays in its source region carries no inferenceRegion, as AWS writes it.
            is_named = is_told and place != SOURCE
            told = {"additionalEventData": {"inferenceRegion": place}} if is_named else {}
            records += [{**event(at, f"{role}/i-{index}", model), **told} for at in times(chance)]
    (folder / "cloudtrail.json").write_text(json.dumps({"Records": records}, separators=(",", ":")))
    return truth


def event(at: datetime, session: str, model: str) -> dict[str, Any]:
    return {
        "eventVersion": "1.11", "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}", "eventSource": "bedrock.amazonaws.com",
        "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::222222222222:assumed-role/{session}"},
        "eventName": "InvokeModel", "awsRegion": "eu-central-1", "requestParameters": {"modelId": model},
        "requestID": f"{session}-{at:%d%H%M%S}", "recipientAccountId": "222222222222",
    }  # fmt: skip


def write_gateway(folder: Path, chance: random.Random) -> Truth:
    """The gateway's own log, which names callers."""
    truth: Truth = {}
    rows = []
    for way, (model, base, places) in GATEWAY.items():
        for index in range(EACH):
            user = f"app-{len(truth)}"
            truth[user] = (way, chance.choice(places) in INSIDE)
            rows += [call(at, user, model, base, index) for at in times(chance)]
    (folder / "litellm.json").write_text(json.dumps(rows))
    return truth


def call(at: datetime, user: str, model: str, base: str, index: int) -> dict[str, Any]:
    when = f"{at:%Y-%m-%dT%H:%M:%S}.000000Z"
    return {
        "request_id": f"chatcmpl-{user}-{at:%d%H%M%S}", "call_type": "acompletion", "api_key": f"{index:064x}",
        "spend": 0.004, "total_tokens": 1020, "prompt_tokens": 900, "completion_tokens": 120, "startTime": when,
        "endTime": when, "model": model, "custom_llm_provider": "bedrock" if base else "openai", "api_base": base,
        "user": user, "cache_hit": "False", "team_id": "t-1", "messages": {}, "response": {}, "status": "success",
    }  # fmt: skip


def judge(folder: Path) -> dict[str, str]:
    """Verdict by subject, as `scan` says it."""
    (folder / "policy.yaml").write_text("residency: {allowed: [eu_eea]}\n")
    logs = [str(folder / name) for name in ("flow.log", "dns.log", "cloudtrail.json", "litellm.json")]
    options = ["--policy", str(folder / "policy.yaml"), "--db", ":memory:", "-q", "--fail-on", "never"]
    command = [sys.executable, "-m", "shadowscan", "scan", *logs, *options, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    return {item["subject"]: item["verdict"] for item in json.loads(done.stdout)["residency"]}


def outcome(verdict: str, is_inside: bool) -> str:
    """`right`, `wrong` or `left`; a subject that is not judged at all is `missed`."""
    if verdict in ("possible", "unknown"):
        return f"left {verdict}"
    if verdict == "missed":
        return verdict
    return "right" if (verdict == "pass") is is_inside else "wrong"


def main(seed: int) -> None:
    """Write the month, judge it, print one line a route."""
    chance = random.Random(seed)  # noqa: S311 - a generator, not a secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = {**write_traffic(folder, chance), **write_cloudtrail(folder, chance), **write_gateway(folder, chance)}
        said = judge(folder)
    columns = ("right", "wrong", "left possible", "left unknown", "missed")
    table: dict[str, Counter[str]] = {}
    for subject, (way, is_inside) in truth.items():
        counted = table.setdefault(way, Counter())
        counted[outcome(said.get(subject, "missed"), is_inside)] += 1
        counted["outside"] += not is_inside
    print(f"| route | workloads | outside in truth | {' | '.join(columns)} |")
    print("|---|---|---|---|---|---|---|---|")
    for way, counted in [*table.items(), ("all", sum(table.values(), Counter()))]:
        total = sum(counted[column] for column in columns)
        print(f"| {way} | {total} | {counted['outside']} | {' | '.join(str(counted[one]) for one in columns)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
