"""A small network as files: VPC flow logs, Route 53 logs and saved inventory, then `scan` over them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shadowscan.cli import run

ACCOUNT = "470100000011"
REGION = "us-east-1"
START = datetime(2026, 9, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
    " vpc-id subnet-id instance-id pkt-srcaddr pkt-dstaddr region pkt-src-aws-service pkt-dst-aws-service"
    " flow-direction"
)


@dataclass
class Site:
    """One folder of logs to fill, and what a scan of it says."""

    folder: Path
    flows: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    interfaces: list[dict[str, Any]] = field(default_factory=list)

    def flow(self, client: str, remote: str, at: datetime = START, **more: Any) -> None:
        """One record out of `client`; `more`: vpc, instance, action, bytes, service."""
        start = int(at.timestamp())
        eni = "eni-" + client.replace(".", "").replace(":", "")
        place = f"{more.get('vpc', 'vpc-0a')} subnet-0s {more.get('instance', '-')} {client} {remote} {REGION}"
        sizes = f"6 5 {more.get('bytes', 1000)} {start} {start + 50} {more.get('action', 'ACCEPT')} OK"
        head = f"5 {ACCOUNT} {eni} {client} {remote} 50000 443 {sizes}"
        self.flows.append(f"{head} {place} - {more.get('service', '-')} egress")

    def gap(self, status: str, at: datetime, seconds: int) -> None:
        """An interval without records, NODATA or SKIPDATA, of the interface of 10.1.0.5."""
        start = int(at.timestamp())
        head = f"5 {ACCOUNT} eni-10105 - - - - - - - {start} {start + seconds} - {status}"
        self.flows.append(f"{head} vpc-0a subnet-0s - - - {REGION} - - -")

    def answer(self, client: str, name: str, ip: str, at: datetime = START - timedelta(seconds=5), **more: Any) -> None:
        """The resolver's answer to `client`."""
        kind = "AAAA" if ":" in ip else "A"
        query = {
            "version": "1.100000", "account_id": ACCOUNT, "region": REGION, "vpc_id": more.get("vpc", "vpc-0a"),
            "query_timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "query_name": f"{name}.", "query_type": kind,
            "query_class": "IN", "rcode": "NOERROR", "answers": [{"Rdata": ip, "Type": kind, "Class": "IN"}],
            "srcaddr": client, "srcport": "40000", "transport": "UDP", "srcids": {},
        }  # fmt: skip
        self.queries.append(json.dumps(query))

    def call(self, client: str, name: str, ip: str, at: datetime = START, **more: Any) -> None:
        """An answer and the flow that follows it."""
        self.answer(client, name, ip, at - timedelta(seconds=5), **more)
        self.flow(client, ip, at, **more)

    def interface(self, address: str, *, vpc: str = "vpc-0a", instance: str = "", **tags: str) -> None:
        """One network interface with tags, as `describe-network-interfaces` writes it."""
        entry: dict[str, Any] = {
            "NetworkInterfaceId": f"eni-{vpc}-{address}", "PrivateIpAddress": address, "VpcId": vpc,
            "OwnerId": ACCOUNT, "AvailabilityZone": f"{REGION}a", "InterfaceType": "interface", "Description": "",
            "TagSet": [{"Key": key, "Value": value} for key, value in tags.items()],
        }  # fmt: skip
        if instance:
            entry["Attachment"] = {"InstanceId": instance, "Status": "attached"}
        self.interfaces.append(entry)

    def scan(self, policy: str = "", owners: str = "") -> dict[str, Any]:
        """The audit document, with the exit code as `exit`."""
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        inventory = json.dumps({"NetworkInterfaces": self.interfaces}) if self.interfaces else ""
        texts = {"flow.log": "\n".join([HEADER, *self.flows]), "dns.log": "\n".join(self.queries), "eni": inventory}
        for name, text in texts.items():
            if text:
                (logs / name).write_text(text + "\n", "utf-8")
        output = self.folder / "audit.json"
        arguments = ["scan", str(logs), "--db", str(self.folder / "s.duckdb"), "-q", "--format", f"json={output}"]
        for option, text in (("policy", policy), ("owners", owners)):
            if text:
                (self.folder / f"{option}.yaml").write_text(text, "utf-8")
                arguments += [f"--{option}", str(self.folder / f"{option}.yaml")]
        code = run(arguments)
        document: dict[str, Any] = json.loads(output.read_text("utf-8"))
        return {**document, "exit": code}


def found(audit: dict[str, Any], rule: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Findings of a rule by (subject id without the account, vendor)."""
    return {
        (finding["subject"]["id"].removeprefix(f"{ACCOUNT}/"), finding["vendor"]["id"]): finding
        for finding in audit["findings"]
        if finding["rule_id"] == rule
    }
