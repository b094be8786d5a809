"""CPU of collecting logs of model calls, against DuckDB's bare typed `read_json` of the same fields.

Bare is what a person would write by hand: one statement, the fields that the format reads with their types, into one
table; of a CloudTrail document its `Records` unnested. It checks nothing, numbers nothing and keeps every event, where
we keep the model calls among them. Each runs in a process of its own, so the ratio holds on any machine.
Run: `python -m bench.calls [RECORDS]`.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.collect import COLLECT, cheapest

PER_FILE = 5_000  # 7 MB of CloudTrail, as much as is delivered for five busy minutes
# One event in four calls a model: an account with data events on, and the rest of what it does.
EVENTS = (
    ("bedrock.amazonaws.com", "InvokeModel"),
    ("s3.amazonaws.com", "GetObject"),
    ("kms.amazonaws.com", "Decrypt"),
    ("sts.amazonaws.com", "AssumeRole"),
)
MODELS = ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon.nova-lite-v1:0", "global.anthropic.claude-opus-4-8")
WORDS = "rank these results by how well they answer the question of the customer and say why in one line "

BARE = """
import duckdb, glob, sys
with duckdb.connect(sys.argv[2], config={"threads": 2, "memory_limit": "1748MB"}) as connection:
    connection.execute("set enable_progress_bar = false")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(sys.argv[3], {"paths": sorted(glob.glob(sys.argv[1] + "/*.json"))})
"""
TRAIL = {
    "eventTime": "timestamp",
    "eventSource": "varchar",
    "eventName": "varchar",
    "awsRegion": "varchar",
    "requestParameters": "struct(modelId varchar, model varchar, endpointName varchar)",
    "additionalEventData": "struct(inferenceRegion varchar)",
    "userIdentity": "struct("
    "arn varchar, accountId varchar, invokedBy varchar, principalId varchar, accessKeyId varchar)",
    "recipientAccountId": "varchar",
    "requestID": "varchar",
    "errorCode": "varchar",
}
INVOCATION = {
    "schemaType": "varchar",
    "timestamp": "timestamp",
    "accountId": "varchar",
    "identity": "struct(arn varchar)",
    "region": "varchar",
    "requestId": "varchar",
    "modelId": "varchar",
    "input": "struct(inputTokenCount bigint, cacheReadInputTokenCount bigint, cacheWriteInputTokenCount bigint)",
    "output": "struct(outputTokenCount bigint)",
    "inferenceRegion": "varchar",
    "errorCode": "varchar",
}
GATEWAY = {
    "request_id": "varchar",
    "startTime": "timestamp",
    "model": "varchar",
    "custom_llm_provider": "varchar",
    "api_base": "varchar",
    "team_id": "varchar",
    "organization_id": "varchar",
    "user": "varchar",
    "api_key": "varchar",
    "status": "varchar",
    "cache_hit": "varchar",
    "prompt_tokens": "bigint",
    "completion_tokens": "bigint",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of log: a record, whether records come as documents, and the bare statement that reads them."""

    name: str
    record: Callable[[random.Random, int], dict[str, object]]
    is_document: bool
    bare: str


def main() -> None:
    """Write each log once, measure both ways, print the table."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    print(f"{records} records each, plain JSON, CPU seconds")
    print(f"{'log':<30}{'MB':>6}{'bare':>8}{'collect':>9}{'ratio':>8}{'peak MB':>9}")
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="shadowscan-bench-") as folder:
            print(_measure(case, Path(folder), records), flush=True)


def _measure(case: Case, folder: Path, records: int) -> str:
    logs, draw, size = folder / "logs", random.Random(7), 0  # noqa: S311 - the same bytes each time
    logs.mkdir()
    for first in range(0, records, PER_FILE):
        log = logs / f"{first:09}.json"
        with log.open("w") as out:
            out.writelines(_texts(case, draw, range(first, min(first + PER_FILE, records))))
        size += log.stat().st_size
    bare = cheapest(BARE, folder, case.bare)[0].cpu
    cost = cheapest(COLLECT, folder, "2GB")[0]
    ratio = cost.cpu / bare
    return f"{case.name:<30}{size / 1e6:>6.0f}{bare:>8.2f}{cost.cpu:>9.2f}{ratio:>7.2f}x{cost.peak_mb:>9.0f}"


def _texts(case: Case, draw: random.Random, numbers: range) -> Iterator[str]:
    for number in numbers:
        text = json.dumps(case.record(draw, number), separators=(",", ":"))
        if case.is_document:
            yield ("," if number > numbers.start else '{"Records":[') + text
        else:
            yield text + "\n"
    if case.is_document:
        yield "]}"


def _time(number: int) -> str:
    seconds = number // 12
    return (
        f"2026-08-{1 + seconds // 86400 % 28:02}T{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"
    )


def trail(draw: random.Random, number: int) -> dict[str, object]:
    """An event as wide as CloudTrail's are: about a kilobyte."""
    source, name = EVENTS[number % len(EVENTS)]
    account, session = f"{draw.randrange(20) + 470100000000}", f"i-{draw.randrange(2000):08x}"
    role = f"arn:aws:sts::{account}:assumed-role/Role{draw.randrange(40)}/{session}"
    issuer = {"type": "Role", "principalId": "AROAEXAMPLE", "arn": role, "accountId": account, "userName": "Role"}
    times = {"creationDate": _time(number), "mfaAuthenticated": "false"}
    identity = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": role,
        "accountId": account,
        "sessionContext": {"sessionIssuer": issuer, "webIdFederationData": {}, "attributes": times},
    }
    is_model = source.startswith("bedrock")
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": _time(number),
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": f"10.1.{draw.randrange(8)}.{draw.randrange(250)}",
        "userAgent": "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.0 os/linux lang/python#3.12",
        "requestParameters": {"modelId": draw.choice(MODELS)} if is_model else {"bucketName": "acme", "key": "a/b"},
        "responseElements": None,
        "additionalEventData": {"inferenceRegion": "eu-north-1"} if is_model else {"bytesTransferredOut": 120},
        "requestID": f"{number:032x}",
        "eventID": f"{number:031x}e",
        "readOnly": True,
        "resources": [{"accountId": account, "type": "AWS::S3::Object", "ARN": "arn:aws:s3:::acme/a/b"}],
        "eventType": "AwsApiCall",
        "managementEvent": False,
        "recipientAccountId": account,
        "eventCategory": "Data",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
    }


def invocation(draw: random.Random, number: int) -> dict[str, object]:
    """A call with 2 KB of what was asked and answered."""
    asked = {"messages": [{"role": "user", "content": [{"text": WORDS * 15}]}], "system": [{"text": WORDS}]}
    answered = {
        "output": {"message": {"role": "assistant", "content": [{"text": WORDS * 4}]}},
        "stopReason": "end_turn",
    }
    return {
        "timestamp": _time(number),
        "accountId": f"{draw.randrange(20) + 470100000000}",
        "identity": {
            "arn": f"arn:aws:sts::470100000000:assumed-role/Role{draw.randrange(40)}/i-{draw.randrange(2000)}"
        },
        "region": "eu-central-1",
        "requestId": f"{number:032x}",
        "operation": "Converse",
        "modelId": draw.choice(MODELS),
        "input": {"inputContentType": "application/json", "inputBodyJson": asked, "inputTokenCount": 900},
        "output": {"outputContentType": "application/json", "outputBodyJson": answered, "outputTokenCount": 120},
        "inferenceRegion": "eu-north-1",
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
    }


def gateway(draw: random.Random, number: int) -> dict[str, object]:
    """A row of LiteLLM's log, bodies not stored."""
    return {
        "request_id": f"chatcmpl-{number:024x}",
        "call_type": "acompletion",
        "api_key": f"{draw.randrange(500):064x}",
        "spend": 0.0042,
        "total_tokens": 1020,
        "prompt_tokens": 900,
        "completion_tokens": 120,
        "startTime": _time(number),
        "endTime": _time(number),
        "model": draw.choice(MODELS),
        "model_group": "sonnet",
        "custom_llm_provider": "bedrock",
        "api_base": "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/converse",
        "user": f"user{draw.randrange(200)}",
        "metadata": {"user_api_key_alias": "ranker", "user_api_key_team_alias": "search", "usage_object": {"a": 1}},
        "cache_hit": "False",
        "request_tags": ["team:search"],
        "team_id": f"team{draw.randrange(40)}",
        "messages": {},
        "response": {},
        "status": "success",
    }


def _lines(fields: dict[str, str]) -> str:
    columns = ", ".join(f"\"{name}\": '{kind}'" for name, kind in fields.items())
    return f"""
        create table bare as select * from read_json($paths, format = 'newline_delimited', columns = {{{columns}}})
    """  # noqa: S608 - of our own shapes


_RECORD = ", ".join(f'"{name}" {kind}' for name, kind in TRAIL.items())
_DOCUMENT = f"""
    create table bare as
    with record as (
      select unnest("Records") as r
      from read_json($paths, maximum_object_size = 40000000, columns = {{"Records": 'struct({_RECORD})[]'}})
    )
    select unnest(r) from record
"""  # noqa: S608 - of our own shapes
CASES = (
    Case("aws_cloudtrail (documents)", trail, is_document=True, bare=_DOCUMENT),
    Case("aws_cloudtrail (lines)", trail, is_document=False, bare=_lines(TRAIL)),
    Case("bedrock_invocation", invocation, is_document=False, bare=_lines(INVOCATION)),
    Case("litellm_spend_logs", gateway, is_document=False, bare=_lines(GATEWAY)),
)

if __name__ == "__main__":
    main()
