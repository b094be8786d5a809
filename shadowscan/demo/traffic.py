"""Acme's network: VPC flow logs and Route 53 Resolver logs in AWS's own folder layout."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from shadowscan.demo import cast
from shadowscan.demo.cast import Workload

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
    " vpc-id subnet-id instance-id pkt-srcaddr pkt-dstaddr region flow-direction"
)
SEED = 20260928
CONVERSATIONS = {"heavy": 60, "medium": 24, "light": 8}


@dataclass(frozen=True, slots=True)
class Habit:
    """One workload's daily conversations with one host."""

    workload: Workload
    host: str
    weight: str
    action: str = "ACCEPT"
    port: int = 443


HABITS = (
    Habit(cast.RANKER, "us.api.openai.com", "heavy"),
    Habit(cast.CRM, "api.anthropic.com", "medium"),
    Habit(cast.CAMPAIGN, "api.deepseek.com", "medium"),
    Habit(cast.POD, "bedrock-runtime.us-east-1.amazonaws.com", "heavy"),
    Habit(cast.PROXY, "api.openai.com", "heavy"),
    Habit(cast.PROXY, "api.eu.mistral.ai", "medium"),
    Habit(cast.GATEWAY, "api.anthropic.com", "medium"),
    Habit(cast.GATEWAY, "api.eu.mistral.ai", "light"),
    Habit(cast.LEGACY, "api.x.ai", "light", "REJECT"),
    Habit(cast.CAMPAIGN, "www.anthropologie.com", "medium"),
    Habit(cast.CRM, "cdn.example.net", "heavy"),
    Habit(cast.CRM, "llm.acme.internal", "light"),
    *(Habit(client, "", "medium", port=cast.PROXY_PORT) for client in cast.PROXY_CLIENTS),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One request and its answer."""

    habit: Habit
    remote: str
    started_at: datetime
    sent: int
    received: int
    client_port: int


def write_traffic(folder: Path) -> int:
    """Write flow and DNS logs below `folder`; gives the number of flow records."""
    written = 0
    for day in cast.DAYS:
        conversations = list(_conversations(day))
        lines = [line for talk in conversations for line in _flow_lines(talk)]
        lines.extend(_gap_lines(day))
        stem = f"{cast.PROD}_vpcflowlogs_{cast.REGION}_fl-0demo_{day:%Y%m%d}T0000Z_demo"
        place = folder / "AWSLogs" / cast.PROD / "vpcflowlogs" / cast.REGION / f"{day:%Y/%m/%d}"
        _write_gz(place / f"{stem}.log.gz", [HEADER, *lines])
        queries = [json.dumps(query) for talk in conversations for query in _queries(talk)]
        dns = folder / "AWSLogs" / cast.PROD / "vpcdnsquerylogs" / cast.VPC / f"{day:%Y/%m/%d}"
        _write_gz(dns / f"{cast.VPC}_vpcdnsquerylogs_{cast.PROD}_{day:%Y%m%d}T0000Z_demo.log.gz", queries)
        written += len(lines)
    return written


def _conversations(day: date) -> Iterator[Conversation]:
    chance = random.Random(f"{SEED}/{day}")  # noqa: S311 - a story, not a secret
    morning = datetime.combine(day, time(7), UTC)
    for habit in HABITS:
        for _ in range(CONVERSATIONS[habit.weight]):
            yield Conversation(
                habit=habit,
                remote=_remote(habit, chance),
                started_at=morning + timedelta(seconds=chance.randrange(43_200)),
                sent=chance.randrange(2_000, 40_000),
                received=chance.randrange(8_000, 400_000),
                client_port=chance.randrange(32_768, 60_999),
            )


def _remote(habit: Habit, chance: random.Random) -> str:
    if not habit.host:
        return cast.PROXY_ADDRESS
    sixth = cast.IPV6_ADDRESSES.get(habit.host)
    return sixth if sixth and chance.random() < 0.1 else cast.ADDRESSES[habit.host]


def _flow_lines(talk: Conversation) -> Iterator[str]:
    """The request and, where it was let through, the answer: one record a direction."""
    workload = talk.habit.workload
    client = workload.address6 if ":" in talk.remote else workload.address
    start = int(talk.started_at.timestamp())
    tail = f"{start} {start + 58} {talk.habit.action} OK {cast.VPC} {workload.subnet} {workload.instance}"
    head = f"5 {cast.PROD} {workload.interface}"
    out = f"{client} {talk.remote} {talk.client_port} {talk.habit.port} 6 {talk.sent // 900 + 1} {talk.sent}"
    yield f"{head} {out} {tail} {client} {talk.remote} {cast.REGION} egress"
    if talk.habit.action == "ACCEPT":
        back = (
            f"{talk.remote} {client} {talk.habit.port} {talk.client_port} 6 {talk.received // 1200 + 1} {talk.received}"
        )
        yield f"{head} {back} {tail} {talk.remote} {client} {cast.REGION} ingress"


def _gap_lines(day: date) -> Iterator[str]:
    """What every real flow log has: an interval without data, and one that the collector lost."""
    start = int(datetime.combine(day, time(3), UTC).timestamp())
    for offset, status in ((0, "NODATA"), (60, "SKIPDATA")):
        ids = f"{cast.VPC} {cast.LEGACY.subnet} {cast.LEGACY.instance} - - {cast.REGION} -"
        lost = f"{start + offset} {start + offset + 58} - {status}"
        yield f"5 {cast.PROD} {cast.LEGACY.interface} - - - - - - - {lost} {ids}"


def _queries(talk: Conversation) -> Iterator[dict[str, object]]:
    """The question before the conversation. Pods ask through CoreDNS, so the client of theirs is the resolver."""
    if not talk.habit.host:
        return
    workload = talk.habit.workload
    kind = "AAAA" if ":" in talk.remote else "A"
    asked_at = talk.started_at - timedelta(seconds=3)
    yield {
        "version": "1.100000",
        "account_id": cast.PROD,
        "region": cast.REGION,
        "vpc_id": cast.VPC,
        "query_timestamp": f"{asked_at:%Y-%m-%dT%H:%M:%SZ}",
        "query_name": f"{talk.habit.host}.",
        "query_type": kind,
        "query_class": "IN",
        "rcode": "NOERROR",
        "answers": [{"Rdata": talk.remote, "Type": kind, "Class": "IN"}],
        "srcaddr": workload.address if workload.asks else cast.RESOLVER,
        "srcport": str(talk.client_port),
        "transport": "UDP",
        "srcids": {"instance": workload.instance} if workload.instance != "-" and workload.asks else {},
    }


def _write_gz(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", mtime=0) as stream:
        stream.write(("\n".join(lines) + "\n").encode())
