"""A day of a company's network whose truth is known: who called which vendor, and what could have told.

Three networks. `vpc-a` and `vpc-b` use the same private addresses in two accounts; `vpc-k` is a cluster whose pods ask
CoreDNS, which caches for half a minute and is all that the resolver log sees. A CDN of 48 addresses carries 40 innocent
names and three vendors' at once, and every hour each name moves to other addresses. Clients cache answers for their
TTL, keep connections for up to five hours, and some never ask where a log would see it. A second sensor that knows no
account reads names off connections in `vpc-b`, a proxy keeps its own log; `vpc-a` has a NAT gateway, and VPC endpoints
with private addresses. Look-alike names, neighbours on the CDN and a vendor that calls us are there to be got wrong.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from shadowscan.enrich.ranges import halves

START = datetime(2026, 10, 5)  # noqa: DTZ001 - the store holds naive UTC
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NETWORKS = {"vpc-a": "470100000011", "vpc-b": "470100000022", "vpc-k": "470100000011"}
CDN_HOSTS = {"api.openai.com": "openai", "api.mistral.ai": "mistral", "api.groq.com": "groq"}
OWN_HOSTS = {
    "api.deepseek.com": ("deepseek", "198.18.1.1"),
    "api.x.ai": ("xai", "198.18.1.2"),
    "api.cohere.com": ("cohere", "2001:db8:c0::7"),
    "api.anthropic.com": ("anthropic", "160.79.104.10"),
}
LINKED_HOSTS = {
    "bedrock-runtime.us-east-1.amazonaws.com": ("aws-bedrock", "10.0.250.7", ""),
    "llm.acme.example": ("azure-openai", "10.0.250.8", "acme.openai.azure.com > acme.privatelink.openai.azure.com"),
}
LOOK_ALIKES = ("api.openai.com.login.example", "notopenai.com", "api-anthropic.example", "openai-status.example")
INNOCENT_CDN = [f"shop{number}.example" for number in range(40)]
INNOCENT = [f"host{number}.example" for number in range(30)]
NAT, RESOLVER = "10.0.254.1", "10.0.253.53"
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Workload:
    """One client. `way` is what can tell what it calls; `hosts` are the vendors' names it calls."""

    vpc: str
    address: str
    way: str
    hosts: tuple[str, ...]

    @property
    def place(self) -> Place:
        return (NETWORKS[self.vpc], self.vpc, self.address)


@dataclass
class Network:
    """Rows by table, and the truth: (subject id, vendor) → the way it can be told; flow line → vendor or empty."""

    seed: int = 1
    workloads: int = 240
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    truth: dict[tuple[str, str], str] = field(default_factory=dict)
    flow_truth: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - the same rows every time
        self.caches: dict[tuple[Place, str], tuple[datetime, tuple[str, ...]]] = {}
        self.rows = {"flow": [], "dns_query": [], "dns_answer": [], "tls_connection": []}
        calls = [call for workload in self._population() for call in self._day_of(workload)]
        for at, workload, host in sorted(calls, key=lambda call: (call[0], call[1].place)):
            self._call(workload, host, at)

    def _population(self) -> Iterator[Workload]:
        """Users in every way that can tell, and as many neighbours who use no vendor."""
        ways = (
            *(("vpc-a", "own answer", OWN_HOSTS), ("vpc-a", "own answer, shared", CDN_HOSTS)),
            *(("vpc-a", "private link", LINKED_HOSTS), ("vpc-a", "behind NAT", OWN_HOSTS)),
            *(("vpc-b", "own answer, shared", CDN_HOSTS), ("vpc-b", "connection", CDN_HOSTS)),
            *(("vpc-k", "resolver", OWN_HOSTS), ("vpc-k", "resolver, shared", CDN_HOSTS)),
            ("vpc-a", "range", {"api.anthropic.com": None}),
            *(("vpc-b", "proxy log", {**CDN_HOSTS, **OWN_HOSTS}), ("vpc-a", "nothing", CDN_HOSTS)),
        )
        for number in range(self.workloads):
            vpc, way, hosts = ways[number // 2 % len(ways)]
            is_user = number % 2 == 0
            chosen = self.random.sample(sorted(hosts), k=min(len(hosts), self.random.randint(1, 2))) if is_user else ()
            yield Workload(vpc, f"10.0.{number // 200}.{number % 200 + 10}", way, tuple(chosen))

    def _day_of(self, workload: Workload) -> Iterator[tuple[datetime, Workload, str]]:
        innocent = [*self.random.sample(INNOCENT_CDN, 6), *self.random.sample(INNOCENT, 4), *LOOK_ALIKES[:2]]
        for host in (*workload.hosts, *innocent):
            for _ in range(self.random.randint(2, 12) if vendor_of(host) else self.random.randint(1, 6)):
                yield START + self.random.random() * DAY * 0.98, workload, host
        if workload.way == "range" and not workload.hosts:
            self._inbound(workload)

    def _call(self, workload: Workload, host: str, at: datetime) -> None:
        vendor = vendor_of(host)
        if vendor:
            self.truth[("/".join(workload.place), vendor)] = workload.way
        if workload.way == "proxy log":
            self._proxied(workload, host, at)
            return
        addresses = self._resolve(workload, host, at)
        remote = self.random.choice(addresses)
        port, length = self.random.randint(32768, 60999), self._length()
        self._flows(workload, remote, port, at, length, vendor)
        if workload.way == "connection":
            self._read(workload, host, remote, port, at, length)

    def _length(self) -> timedelta:
        """Seven in ten connections end within a minute, two within half an hour, one lasts for hours."""
        return (
            self.random.choices(
                [self.random.uniform(1, 60), self.random.uniform(60, 1800), self.random.uniform(3600, 18000)], [7, 2, 1]
            )[0]
            * SECOND
        )

    def _resolve(self, workload: Workload, host: str, at: datetime) -> tuple[str, ...]:
        """The addresses the client gets; logged where the one whose question the log sees has none cached."""
        asker = (NETWORKS[workload.vpc], workload.vpc, RESOLVER) if workload.vpc == "vpc-k" else workload.place
        is_silent = workload.way in ("range", "connection", "nothing")
        cached = self.caches.get((asker, host))
        if cached is not None and at < cached[0]:
            return cached[1]
        addresses = self._addresses(host, at)
        ttl = 30 if workload.vpc == "vpc-k" else 60 if host in CDN_HOSTS or host in INNOCENT_CDN else 300
        if not is_silent:
            self._log_answer(asker, host, at - SECOND, addresses)
            self.caches[asker, host] = (at + ttl * SECOND, addresses)
        return addresses

    def _addresses(self, host: str, at: datetime) -> tuple[str, ...]:
        if host in OWN_HOSTS:
            return (OWN_HOSTS[host][1],)
        if host in LINKED_HOSTS:
            return (LINKED_HOSTS[host][1],)
        if host in CDN_HOSTS or host in INNOCENT_CDN:
            draw = random.Random(f"{host} {at:%d%H} {self.seed}")  # noqa: S311 - the same rows every time
            return tuple(f"203.0.113.{number}" for number in draw.sample(range(1, 49), 2))
        return (f"198.19.{len(host) % 250}.{sum(map(ord, host)) % 250 + 1}",)

    def _log_answer(self, asker: Place, host: str, at: datetime, addresses: tuple[str, ...]) -> None:
        line = len(self.rows["dns_query"]) + 1
        chain = LINKED_HOSTS[host][2] if host in LINKED_HOSTS else ""
        who = {"source_id": 2, "line": line, "account_id": asker[0], "vpc_id": asker[1], "client_ip": asker[2]}
        self.rows["dns_query"].append({**who, "queried_at": at, "qname": host, "cname_chain": chain})
        for ip in addresses:
            found = {"ip": ip, "ip_version": ip_address(ip).version, **_numbers("ip", ip)}
            self.rows["dns_answer"].append({**who, "answered_at": at, "qname": host, **found})

    def _flows(self, workload: Workload, remote: str, port: int, at: datetime, length: timedelta, vendor: str) -> None:
        """Both directions of every aggregation interval, and the NAT gateway's view of them."""
        client = f"fd00:a::{int(ip_address(workload.address)) & 0xFFFF:x}" if ":" in remote else workload.address
        if client != workload.address and vendor:
            self.truth[("/".join((*workload.place[:2], client)), vendor)] = "IPv6"
            self.truth.pop(("/".join(workload.place), vendor), None)
        for offset in range(0, int(length.total_seconds()) + 1, 600):
            start = at + offset * SECOND
            stop = min(start + 59 * SECOND, at + length) if length < 60 * SECOND else start + 590 * SECOND
            for direction, size in (
                ("egress", self.random.randint(500, 9000)),
                ("ingress", self.random.randint(2000, 90000)),
            ):
                base = {
                    "started_at": start,
                    "ended_at": max(stop, start),
                    "direction": direction,
                    "bytes": size,
                    "packets": 9,
                }
                own = {"client_ip": client, "client_port": port, "remote_ip": remote, "remote_port": 443}
                self._flow(workload.vpc, vendor, **base, **own, interface_id=f"eni-{workload.vpc}-{workload.address}")
                if workload.way == "behind NAT":
                    self._through_nat(workload, vendor, base, own)

    def _through_nat(self, workload: Workload, vendor: str, base: dict[str, Any], own: dict[str, Any]) -> None:
        if ":" in own["remote_ip"]:
            return
        towards = {
            "client_ip": own["remote_ip"], "client_port": 443, "remote_ip": own["client_ip"],
            "remote_port": own["client_port"], "interface_client_ip": NAT,
            "direction": "ingress" if base["direction"] == "egress" else "egress",
        }  # fmt: skip
        onward = {**own, "client_ip": NAT, "client_port": own["client_port"] + 1}
        for repeated in (towards, onward):
            self._flow(workload.vpc, vendor, **{**base, **repeated}, interface_id="eni-nat")
            self.flow_truth.pop(len(self.rows["flow"]))  # the workload's own record is the one that counts

    def _flow(self, vpc: str, vendor: str, **row: Any) -> None:
        line = len(self.rows["flow"]) + 1
        full = {
            "source_id": 1, "line": line, "sensor": "flow_log", "account_id": NETWORKS[vpc], "vpc_id": vpc,
            "interface_client_ip": row["client_ip"], "interface_remote_ip": row["remote_ip"], "protocol": 6,
            "action": "accept", "region": "us-east-1", "ip_version": ip_address(row["remote_ip"]).version,
            **_numbers("client", row["client_ip"]), **_numbers("remote", row["remote_ip"]), **row,
        }  # fmt: skip
        full["remote_block"] = full["remote_lo"] >> 8 if full["ip_version"] == 4 else full["remote_hi"]
        self.rows["flow"].append(full)
        self.flow_truth[line] = vendor

    def _read(self, workload: Workload, host: str, remote: str, port: int, at: datetime, length: timedelta) -> None:
        """The second sensor: the connection with its server name, and its own count of it; it knows no account."""
        nowhere = {"account_id": "unknown", "vpc_id": "unknown"}
        ends = {"client_ip": workload.address, "client_port": port, "remote_ip": remote, "remote_port": 443}
        identity = f"C{len(self.rows['tls_connection'])}"
        self.rows["tls_connection"].append(
            {
                "source_id": 4, "line": len(self.rows["tls_connection"]) + 1, "started_at": at, "ended_at": at,
                "sensor": "zeek", "host": host, "connection_id": identity, "ip_version": 4, **nowhere, **ends,
                **_numbers("client", workload.address), **_numbers("remote", remote),
            }
        )  # fmt: skip

    def _proxied(self, workload: Workload, host: str, at: datetime) -> None:
        self.rows["tls_connection"].append(
            {
                "source_id": 5, "line": len(self.rows["tls_connection"]) + 1, "started_at": at, "ended_at": at + SECOND,
                "sensor": "proxy", "named_by": "connect", "host": host, "account_id": NETWORKS[workload.vpc],
                "vpc_id": workload.vpc, "client_ip": workload.address, "bytes_out": 900, "bytes_in": 9000,
                **_numbers("client", workload.address),
            }
        )  # fmt: skip

    def _inbound(self, workload: Workload) -> None:
        """A vendor's machine calls a service of ours: its address, but not our use of it."""
        at = START + self.random.random() * DAY * 0.9
        for direction in ("ingress", "egress"):
            self._flow(
                workload.vpc, "", started_at=at, ended_at=at + 30 * SECOND, direction=direction, bytes=700, packets=5,
                client_ip=workload.address, client_port=443, remote_ip="160.79.104.77", remote_port=50321,
                interface_id=f"eni-{workload.address}",
            )  # fmt: skip


def vendor_of(host: str) -> str:
    """The vendor behind a name, empty for an innocent one."""
    return CDN_HOSTS.get(host) or (OWN_HOSTS.get(host) or LINKED_HOSTS.get(host) or ("",))[0]


def _numbers(name: str, address: str) -> dict[str, int]:
    parsed = ip_address(address)
    hi, lo = halves(parsed.version, int(parsed))
    return {f"{name}_hi": hi, f"{name}_lo": lo}
