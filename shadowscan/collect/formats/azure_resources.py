"""Azure resources: what `az graph query -q Resources -o json` writes, Resource Graph's CSV, `az resource|nic|… list`.

Real shape: `{"count", "data": [resource, …], "skip_token", "total_records"}`; an array of resources; or a CSV of the
same columns, `tags` and `properties` as JSON in a cell. A resource has `id` (`/subscriptions/…`), `name`, `type`,
`location`, `tags`, `properties`; `az network nic list` writes the properties beside them.

| `type` | rows in `asset` |
|---|---|
| `microsoft.network/networkinterfaces` | one a private address, `kind` eni; parent its machine or endpoint |
| `microsoft.compute/virtualmachines` | one, `kind` instance; `role` its managed identity |
| `microsoft.network/virtualnetworks` | one a range of the network and of each subnet, in `cidr` |
| `microsoft.network/loadbalancers` `…/natgateways` `…/privateendpoints` `…/applicationgateways` | one |
| `microsoft.web/sites` `microsoft.app/containerapps` | one, `kind` function or service |
| `microsoft.containerservice/managedclusters` | one, `kind` cluster |
| `microsoft.resources/subscriptions` | one, `kind` account |
| `microsoft.resources/subscriptions/resourcegroups` | one, `kind` folder, with its tags |
| any other | one, `kind` resource, with its tags |

Ids are lower case, since Azure's make no difference; `account_id` is the subscription, `vpc_id` is
`RESOURCE-GROUP:NETWORK`, as flow logs have it; the parent of what is no interface is its resource group. An interface
of a scale set names the set in its id, which is its parent. Settings, connection strings and secrets are never read.
Doubts: the portal's CSV is taken by its column names `id`, `type` and `tags` in any case; unverified beyond that.
Sources: https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language,
https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/get, output of `az graph query` in public notes.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shadowscan.collect.formats._asset import Reading, Row, asset_row, insert_assets, refuse
from shadowscan.collect.formats._json_documents import read_documents
from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location

_ID = re.compile(rb'"id"\s*:\s*"/subscriptions/[^"/]+', re.IGNORECASE)
_TYPE = re.compile(rb'"type"\s*:\s*"microsoft\.[a-z]+/[a-z/]+"', re.IGNORECASE)
_SET = re.compile(r"^(/subscriptions/.+/virtualmachinescalesets/[^/]+)/virtualmachines/")
_KINDS = {
    "microsoft.network/networkinterfaces": "eni",
    "microsoft.compute/virtualmachines": "instance",
    "microsoft.network/virtualnetworks": "vpc",
    "microsoft.network/loadbalancers": "load_balancer",
    "microsoft.network/applicationgateways": "load_balancer",
    "microsoft.network/natgateways": "nat_gateway",
    "microsoft.network/privateendpoints": "vpc_endpoint",
    "microsoft.web/sites": "function",
    "microsoft.app/containerapps": "service",
    "microsoft.containerservice/managedclusters": "cluster",
    "microsoft.resources/subscriptions": "account",
    "microsoft.resources/subscriptions/resourcegroups": "folder",
}


class AzureResources:
    """Resources of Azure subscriptions."""

    id = "azure_resources"
    title = "Azure Resource Graph export and az … list output"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        if head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            return 0.9 if _ID.search(head.data) and _TYPE.search(head.data) else 0.0
        lines = head.lines
        return 0.9 if len(lines) > 1 and _is_csv(lines) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_assets(engine, item, _readings(item)) for item in items}


FORMAT = AzureResources()


def _is_csv(lines: Sequence[str]) -> bool:
    columns = {name.strip().strip('"').casefold() for name in lines[0].split(",")}
    return {"id", "type", "tags"} <= columns and "/subscriptions/" in lines[1].casefold()


def _readings(item: LocalObject) -> Iterator[Reading]:
    for number, resource in enumerate(_resources(item), start=1):
        broken = isinstance(resource, Exception)
        yield number, partial(refuse, resource) if broken else partial(_read, resource)


def _resources(item: LocalObject) -> Iterator[Any]:
    if item.head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        yield from _csv_resources(item)
        return
    for document in read_documents(item):
        page = document.value
        listed = page.get("data", page.get("value")) if isinstance(page, dict) else None
        yield from listed if isinstance(listed, list) else [page]


def _csv_resources(item: LocalObject) -> Iterator[Any]:
    """Rows as resources; cells that are JSON as values."""
    reader = csv.DictReader(io.StringIO(read_object(item)))
    try:
        for row in reader:
            yield {str(name).strip().casefold(): _cell(value) for name, value in row.items() if name}
    except csv.Error as error:
        raise BadInputError(f"not valid CSV: {error}", location=Location(item.name, reader.line_num)) from error


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _read(resource: Any) -> Iterable[Row]:
    """Rows of one resource; raises where it has no id of Azure's."""
    asset_id = str(resource["id"]).casefold().rstrip("/")
    if not asset_id.startswith("/subscriptions/"):
        raise ValueError("no resource id of Azure")
    within = resource.get("properties")
    facts = {
        name.casefold(): value for name, value in {**resource, **(within if isinstance(within, dict) else {})}.items()
    }
    kind = _KINDS.get(str(resource.get("type") or "").casefold(), "resource")
    account, tags = asset_id.split("/")[2], resource.get("tags")
    places: dict[str, Any] = {
        "name": resource.get("name") or facts.get("displayname"),
        "account_id": account,
        "region": str(resource.get("location") or "").casefold(),
        "role": _identity(resource.get("identity")),
        "parent_id": _group(asset_id) if kind != "account" else "",
        "tags": tags if isinstance(tags, dict) else {},
    }
    if kind == "eni":
        yield from _interface(asset_id, facts, places)
    elif kind == "vpc":
        yield from _network(asset_id, facts, places)
    else:
        yield asset_row(account if kind == "account" else asset_id, kind, **places)


def _interface(asset_id: str, facts: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[Row]:
    """One row a private address, an interface without one once."""
    found = [_flat(part) for part in facts.get("ipconfigurations") or ()]
    in_set = _SET.match(asset_id)
    parent = _link(facts.get("virtualmachine")) or _link(facts.get("privateendpoint"))
    for held in [part for part in found if part.get("privateipaddress")] or [{}]:
        subnet = _link(held.get("subnet"))
        yield asset_row(
            asset_id,
            "eni",
            **{
                **places,
                "address": str(held.get("privateipaddress") or "").lower(),
                "vpc_id": _network_of(subnet),
                "subnet_id": subnet.rpartition("/")[2],
                "parent_id": in_set[1] if in_set else parent,
            },
        )


def _network(asset_id: str, facts: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[Row]:
    network = {**places, "vpc_id": _network_of(asset_id + "/subnets/x")}
    space = facts.get("addressspace") or {}
    for cidr in space.get("addressPrefixes") or [""]:
        yield asset_row(asset_id, "vpc", **{**network, "cidr": cidr})
    for subnet in facts.get("subnets") or ():
        part = _flat(subnet)
        ranges = part.get("addressprefixes") or [part.get("addressprefix")]
        for cidr in [each for each in ranges if each]:
            inside = {**network, "name": part.get("name"), "subnet_id": str(part.get("name") or "").casefold()}
            yield asset_row(f"{asset_id}/subnets/{inside['subnet_id']}", "subnet", **{**inside, "cidr": cidr})


def _flat(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part with its `properties` beside its own fields, names in lower case."""
    return {str(name).casefold(): value for name, value in {**part, **(part.get("properties") or {})}.items()}


def _link(value: Any) -> str:
    return str(value.get("id") or "").casefold() if isinstance(value, dict) else ""


def _network_of(subnet_id: str) -> str:
    """`RESOURCE-GROUP:NETWORK` of a subnet's id, empty where it is none."""
    parts = subnet_id.split("/")
    return f"{parts[4]}:{parts[8]}" if len(parts) > 9 and parts[7] == "virtualnetworks" else ""


def _group(asset_id: str) -> str:
    """Id of the resource group, empty for what lies in none, or is one."""
    parts = asset_id.split("/")
    return "/".join(parts[:5]) if len(parts) > 5 and parts[3] == "resourcegroups" else ""


def _identity(value: Any) -> str:
    """The managed identity: the system's by its principal, else the first user-assigned by its id."""
    if not isinstance(value, dict):
        return ""
    assigned = value.get("userAssignedIdentities")
    first = next(iter(sorted(assigned)), "") if isinstance(assigned, dict) else ""
    return str(value.get("principalId") or first).casefold()
