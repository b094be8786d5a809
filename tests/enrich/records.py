"""Rows for enrichment tests: a small network written straight into the base tables."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from shadowscan.catalog import Catalog, load_catalog
from shadowscan.config import Config
from shadowscan.enrich import daily, networks, seen, subjects, vendors
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.ranges import halves
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.store.connection import MEMORY, Store

START = datetime(2026, 10, 2, 8)  # noqa: DTZ001 - the store holds naive UTC
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CATALOG = load_catalog()


def insert(store: Store, table: str, **row: Any) -> None:
    columns, marks = ", ".join(row), ", ".join("?" for _ in row)
    store.query(f"insert into {table} ({columns}) values ({marks})", list(row.values()))


def address(name: str, ip: str) -> dict[str, Any]:
    version = ip_address(ip).version
    hi, lo = halves(version, int(ip_address(ip)))
    return {f"{name}_hi": hi, f"{name}_lo": lo}


@dataclass
class Network:
    """A store with one account and VPC to fill; `context` is what enrichment steps get."""

    store: Store = field(default_factory=lambda: Store.open(MEMORY))
    policy: Policy = field(default_factory=Policy)
    config: Config = field(default_factory=Config)
    catalog: Catalog = CATALOG

    @property
    def context(self) -> EnrichContext:
        as_of = START + timedelta(days=30)
        return EnrichContext(self.store, self.catalog, self.policy, Owners(), self.config, as_of)

    def flow(self, at: datetime, client: str, remote: str, port: int = 443, **more: Any) -> None:
        version = ip_address(remote).version
        row = {
            "source_id": 1, "started_at": at, "ended_at": at + MINUTE, "account_id": "1", "vpc_id": "vpc-0a",
            "client_ip": client, "client_port": 50000, "remote_ip": remote, "remote_port": port,
            "interface_client_ip": client, "interface_remote_ip": remote, "ip_version": version,
            **address("client", client), **address("remote", remote), "direction": "egress", "bytes": 1000,
            "packets": 10,
        }  # fmt: skip
        row["remote_block"] = row["remote_lo"] >> 8 if version == 4 else row["remote_hi"]
        insert(self.store, "flow", **{**row, **more})

    def answer(self, at: datetime, client: str, name: str, ip: str, **more: Any) -> None:
        base = {"source_id": 2, "account_id": "1", "vpc_id": "vpc-0a", "client_ip": client, "qname": name, **more}
        found = {"answered_at": at, "ip": ip, "ip_version": ip_address(ip).version, **address("ip", ip)}
        insert(self.store, "dns_answer", **base, **found)
        insert(self.store, "dns_query", **base, queried_at=at)

    def connect(self, at: datetime, client: str, host: str, remote: str = "unknown", **more: Any) -> None:
        """One server name read off a connection; `port` is the client's."""
        numbers = {**address("client", client), **(address("remote", remote) if remote != "unknown" else {})}
        row = {
            "source_id": 4, "started_at": at, "ended_at": at, "sensor": "zeek", "account_id": "1", "vpc_id": "vpc-0a",
            "client_ip": client, "client_port": 50000, "remote_ip": remote, "host": host, **numbers,
        }  # fmt: skip
        row["ip_version"] = ip_address(remote if remote != "unknown" else client).version
        insert(self.store, "tls_connection", **{**row, **more})

    def mark(self, *days: datetime) -> None:
        for day in days:
            self.store.query("insert or ignore into dirty_day values (?)", [day.date()])

    def link(self) -> None:
        """Who is behind which address: what `subject_link` holds."""
        for step in (seen, networks, subjects):
            step.build(self.context)

    def roll_up(self) -> None:
        """The daily views, as `enrich` makes them."""
        for step in (seen, networks, vendors, subjects, daily):
            step.build(self.context)
        subjects.list_used(self.context)

    def egress(self, *columns: str) -> list[tuple[Any, ...]]:
        return self.store.query(f"select {', '.join(columns)} from llm_egress order by all").rows
