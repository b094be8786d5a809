"""Who works at Acme: its accounts, networks and workloads, named once for traffic, bills and repositories."""

from dataclasses import dataclass
from datetime import date

ORGANIZATION = "acme"
PROD, DATA, SANDBOX = "470100000011", "470100000022", "470100000033"
VPC = "vpc-0a10"
REGION = "us-east-1"
RESOLVER = "10.1.0.2"
GATEWAY_ADDRESS = "10.9.0.10"
PROXY_ADDRESS, PROXY_PORT = "10.1.7.20", 4000
DAYS = (date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30))


@dataclass(frozen=True, slots=True)
class Workload:
    """One workload with one network interface. `tags` are its owner's; `asks`: whether it resolves names itself."""

    name: str
    address: str
    interface: str
    subnet: str
    kind: str
    tags: tuple[tuple[str, str], ...] = ()
    asks: bool = True
    address6: str = ""

    @property
    def instance(self) -> str:
        """Instance id of the interface, or `-` where it is not an instance's."""
        return f"i-{self.interface.removeprefix('eni-')}" if self.kind == "instance" else "-"


RANKER = Workload("ranker", "10.1.2.14", "eni-0r01", "subnet-0search", "function", (("team", "search"),))
CRM = Workload("crm-summary", "10.1.3.21", "eni-0c01", "subnet-0crm", "instance", (("owner-team", "support"),))
CAMPAIGN = Workload("campaign-writer", "10.1.4.40", "eni-0g01", "subnet-0growth", "instance")
POD = Workload("feature-pods", "10.1.8.31", "eni-0d01", "subnet-0eks", "instance", (("team", "data"),), asks=False)
PROXY = Workload(
    "llm-proxy",
    PROXY_ADDRESS,
    "eni-0x01",
    "subnet-0search",
    "instance",
    (("team", "search"),),
    address6="2001:db8:1::20",
)
GATEWAY = Workload("llm-gateway", GATEWAY_ADDRESS, "eni-0w01", "subnet-0platform", "instance", (("team", "platform"),))
LEGACY = Workload("report-cron", "10.1.9.77", "eni-0l01", "subnet-0legacy", "instance")
PROXY_CLIENTS = tuple(
    Workload(f"web-{index}", f"10.1.5.{10 + index}", f"eni-0b{index:02d}", "subnet-0web", "instance", (("team", team),))
    for index, team in enumerate(("growth", "growth", "support", "search", "data", "support"), 1)
)
WORKLOADS = (RANKER, CRM, CAMPAIGN, POD, PROXY, GATEWAY, LEGACY, *PROXY_CLIENTS)

# Documentation addresses only (RFC 5737, RFC 3849), but for Anthropic's published range, which names its vendor alone.
ADDRESSES = {
    "us.api.openai.com": "203.0.113.10",
    "api.openai.com": "203.0.113.11",
    "api.anthropic.com": "160.79.104.10",
    "api.deepseek.com": "198.51.100.20",
    "api.eu.mistral.ai": "198.51.100.30",
    "bedrock-runtime.us-east-1.amazonaws.com": "203.0.113.40",
    "api.x.ai": "198.51.100.50",
    "www.anthropologie.com": "203.0.113.90",
    "cdn.example.net": "203.0.113.91",
    "llm.acme.internal": GATEWAY_ADDRESS,
}
IPV6_ADDRESSES = {"api.openai.com": "2001:db8:ffff::11"}
