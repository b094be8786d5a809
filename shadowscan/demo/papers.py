"""What Acme wrote down: policy.yaml, owners.yaml, and the saved inventory of its network interfaces."""

import json
from pathlib import Path

from shadowscan.demo import cast
from shadowscan.demo.cast import Workload

POLICY = f"""\
organization: {cast.ORGANIZATION}
vendors:
  approved:
    - {{id: anthropic, services: [api], review_due: 2027-01-31, dpa: {{regions: [eu_eea], signed: 2026-02-01}}}}
    - mistral
    - aws-bedrock
  in_review: [cohere]
  denied: [deepseek]
gateways:
  - name: llm-gateway
    base_url: "https://llm.acme.internal/v1"
    dialects: [openai, anthropic]
    hosts: [llm.acme.internal]
    addresses: [{cast.GATEWAY_ADDRESS}]
    repos: [acme/llm-gateway]
    credentials: [proj_gw]
    vendors: [anthropic, mistral]
residency:
  allowed: [eu_eea, uk]
spend: {{currency: USD, growth_alert: 0.25}}
"""

OWNERS = f"""\
teams:
  - name: search
    aliases: [search-platform]
    members: [lee@acme.example]
    cost_centers: [CC-2087]
    contact: "#search"
  - {{name: support, contact: "#support"}}
  - {{name: growth, members: [dana@acme.example], contact: "#growth"}}
  - {{name: data, contact: "#data"}}
  - {{name: platform, contact: "#platform"}}
cidrs:
  - {{cidr: 10.1.4.0/24, vpc: {cast.VPC}, team: growth}}
vendor_accounts:
  - {{vendor: openai, id: proj_k3, team: search}}
tag_keys: [team, owner-team]
"""


def write_papers(folder: Path) -> tuple[Path, Path]:
    """Write policy.yaml, owners.yaml and `inventory/`; gives the first two."""
    policy, owners = folder / "policy.yaml", folder / "owners.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    owners.write_text(OWNERS, encoding="utf-8")
    inventory = folder / "inventory"
    inventory.mkdir(parents=True, exist_ok=True)
    document = {"NetworkInterfaces": [_interface(workload) for workload in cast.WORKLOADS]}
    (inventory / "describe-network-interfaces.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return policy, owners


def _interface(workload: Workload) -> dict[str, object]:
    is_function = workload.kind == "function"
    entry: dict[str, object] = {
        "NetworkInterfaceId": workload.interface,
        "PrivateIpAddress": workload.address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": workload.address}],
        "Ipv6Addresses": [{"Ipv6Address": workload.address6}] if workload.address6 else [],
        "SubnetId": workload.subnet,
        "VpcId": cast.VPC,
        "OwnerId": cast.PROD,
        "AvailabilityZone": f"{cast.REGION}a",
        "InterfaceType": "lambda" if is_function else "interface",
        "RequesterManaged": is_function,
        "Status": "in-use",
        "Description": f"AWS Lambda VPC ENI-{workload.name}-0f6c1d7e-4b1a-4c7e-9a51-3d2f0c9e7b11"
        if is_function
        else workload.name,
        "TagSet": [{"Key": key, "Value": value} for key, value in (*workload.tags, ("Name", workload.name))],
    }
    if not is_function:
        entry["Attachment"] = {"InstanceId": workload.instance, "Status": "attached"}
    return entry
