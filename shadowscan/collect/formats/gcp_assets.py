"""Google Cloud Asset Inventory: what `gcloud asset export --content-type=resource` writes, or `gcloud asset list`.

Real shape: JSON lines with `name`, `asset_type`, `resource` (`parent`, `location`, `data`), `ancestors`, `update_time`;
`gcloud asset list --format=json` writes one array with `assetType` and `updateTime`. `data` is the resource as its own
API writes it.

| `asset_type` | rows in `asset` |
|---|---|
| `cloudresourcemanager.googleapis.com/Project` | one, `kind` account; name, labels, parent folder |
| `cloudresourcemanager.googleapis.com/Folder` | one, `kind` folder |
| `compute.googleapis.com/Instance` | one an address: `networkIP`, `ipv6Address`; `role` its service account |
| `compute.googleapis.com/ForwardingRule` `…/GlobalForwardingRule` | one, `kind` load_balancer, at `IPAddress` |
| `compute.googleapis.com/Subnetwork` | one a range, secondary ranges too, in `cidr` |
| `run.googleapis.com/Service` `…/Job` | one, `kind` service; `role` |
| `cloudfunctions.googleapis.com/CloudFunction` `…/Function` | one, `kind` function; `role` |
| `container.googleapis.com/Cluster` | one, `kind` cluster, with its `resourceLabels` |
| any other | one, `kind` resource, with its labels |

`asset_id` is `name` without its leading `//HOST/`, as flow logs name instances. `account_id` is the project's id:
from the name, else by the number of its `ancestors` where the file has that project. `vpc_id` is `PROJECT:NETWORK`, as
flow logs write it. `parent_id` is the managed instance group that made an instance (`metadata` item `created-by`), of a
project its folder. No other metadata is read: start-up scripts hold secrets.
Doubts: labels of Cloud Run stand in `metadata.labels` (v1) or `labels` (v2); which one a release exports is not said.
An export without `--content-type=resource` has no `data`, hence no labels.
Sources: https://cloud.google.com/asset-inventory/docs/reference/rest/v1/Asset,
https://cloud.google.com/asset-inventory/docs/export-resource-metadata-cloud-storage,
https://cloud.google.com/compute/docs/reference/rest/v1/instances, and a saved record of Cloud Run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shadowscan.collect.formats._asset import Reading, Row, asset_row, insert_assets, refuse
from shadowscan.collect.formats._json_documents import Document, read_documents
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_TYPE = re.compile(rb'"asset_?[tT]ype"\s*:\s*"[a-z]+\.googleapis\.com/')
_NAME = re.compile(rb'"name"\s*:\s*"//[a-z]+\.googleapis\.com/')
_PROJECT = re.compile(r"(?:^|/)projects/([^/]+)")
_NETWORK = re.compile(r"projects/([^/]+)/global/networks/([^/]+)$")
_ZONE = re.compile(r"-[a-z]$")
_PROJECT_TYPE = "cloudresourcemanager.googleapis.com/Project"
_KINDS = {
    _PROJECT_TYPE: "account",
    "cloudresourcemanager.googleapis.com/Folder": "folder",
    "compute.googleapis.com/Instance": "instance",
    "compute.googleapis.com/ForwardingRule": "load_balancer",
    "compute.googleapis.com/GlobalForwardingRule": "load_balancer",
    "compute.googleapis.com/Subnetwork": "subnet",
    "compute.googleapis.com/Network": "vpc",
    "run.googleapis.com/Service": "service",
    "run.googleapis.com/Job": "service",
    "cloudfunctions.googleapis.com/CloudFunction": "function",
    "cloudfunctions.googleapis.com/Function": "function",
    "container.googleapis.com/Cluster": "cluster",
    "sqladmin.googleapis.com/Instance": "database",
}


class GcpAssets:
    """Resources of Google Cloud projects."""

    id = "gcp_assets"
    title = "Google Cloud Asset Inventory export"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _TYPE.search(head.data) and _NAME.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_assets(engine, item, _readings(item)) for item in items}


FORMAT = GcpAssets()


def _readings(item: LocalObject) -> Iterator[Reading]:
    projects = dict(filter(None, map(_project_number, read_documents(item))))  # read twice, never held whole
    for number, document in enumerate(read_documents(item), start=1):
        if isinstance(document.value, Exception):
            yield number, partial(refuse, document.value)
        else:
            yield number, partial(_read, document.value, projects)


def _project_number(document: Document) -> tuple[str, str] | None:
    """(number, id) of a project."""
    asset = document.value
    if not isinstance(asset, dict) or _type(asset) != _PROJECT_TYPE:
        return None
    data = _data(asset)
    number, name = str(data.get("projectNumber") or ""), str(data.get("projectId") or "")
    return (number, name) if number and name else None


def _read(asset: Any, projects: Mapping[str, str]) -> Iterable[Row]:
    """Rows of one asset; raises where it has no name."""
    if not isinstance(asset, dict) or not str(asset["name"]).startswith("//"):
        raise ValueError("no full resource name")
    kind, data = _KINDS.get(_type(asset), "resource"), _data(asset)
    asset_id = str(asset["name"]).split("/", 3)[3]
    account = _account(asset, data, projects)
    places: dict[str, Any] = {
        "name": data.get("displayName") or data.get("name") or asset_id.rpartition("/")[2],
        "account_id": account,
        "region": _region(asset, data),
        "role": _role(data),
        "parent_id": _parent(kind, data, projects),
        "tags": _labels(data),
    }
    if kind == "account":
        yield asset_row(account, kind, **{**places, "name": data.get("name") or account})
    else:
        yield from (asset_row(asset_id, kind, **{**places, **held}) for held in _held(kind, data))


def _type(asset: Mapping[str, Any]) -> str:
    return str(asset.get("asset_type") or asset.get("assetType") or "")


def _data(asset: Mapping[str, Any]) -> dict[str, Any]:
    data = (asset.get("resource") or {}).get("data") or {}
    return data if isinstance(data, dict) else {}


def _account(asset: Mapping[str, Any], data: Mapping[str, Any], projects: Mapping[str, str]) -> str:
    """The project's id: stated, in the name, or behind the number of the nearest ancestor."""
    if data.get("projectId"):
        return str(data["projectId"])
    found = _PROJECT.search(str(asset["name"]))
    ancestors = [
        str(each).removeprefix("projects/") for each in asset.get("ancestors") or () if "projects/" in str(each)
    ]
    known = found[1] if found else next(iter(ancestors), "")
    return projects.get(known, known)


def _region(asset: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    place = (asset.get("resource") or {}).get("location") or data.get("zone") or data.get("region") or ""
    return _ZONE.sub("", str(place).rpartition("/")[2])


def _role(data: Mapping[str, Any]) -> str:
    """The service account it runs as, wherever its API writes that."""
    listed = [account.get("email") for account in data.get("serviceAccounts") or () if isinstance(account, dict)]
    template = (((data.get("spec") or {}).get("template") or {}).get("spec") or {}).get("serviceAccountName")
    second = (data.get("template") or {}).get("serviceAccount") if isinstance(data.get("template"), dict) else None
    config = (data.get("serviceConfig") or {}).get("serviceAccountEmail")
    return str(next(filter(None, [*listed, template, second, config, data.get("serviceAccountEmail")]), ""))


def _parent(kind: str, data: Mapping[str, Any], projects: Mapping[str, str]) -> str:
    if kind == "instance":
        items = (data.get("metadata") or {}).get("items") or ()
        made_by = next((str(item.get("value")) for item in items if item.get("key") == "created-by"), "")
        project, _, rest = made_by.partition("projects/")[2].partition("/")
        return f"projects/{projects.get(project, project)}/{rest}" if rest else ""
    parent = data.get("parent")
    if isinstance(parent, dict):
        return f"{parent.get('type')}s/{parent.get('id')}"
    return str(parent or "") if kind in ("account", "folder") else ""


def _labels(data: Mapping[str, Any]) -> dict[str, Any]:
    metadata = data.get("metadata")
    inside = metadata.get("labels") if isinstance(metadata, dict) else None
    return {**(data.get("resourceLabels") or {}), **(inside or {}), **(data.get("labels") or {})}


def _held(kind: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The addresses or ranges it has, with the network of each; one empty entry where it has none."""
    held: list[dict[str, Any]] = []
    if kind == "instance":
        for interface in data.get("networkInterfaces") or ():
            place = _network(interface)
            found = [interface.get("networkIP"), interface.get("ipv6Address")]
            held += [{**place, "address": str(address).lower()} for address in found if address]
    elif kind == "load_balancer":
        held = [{**_network(data), "address": str(data.get("IPAddress") or "").lower()}]
    elif kind == "subnet":
        ranges = [data.get("ipCidrRange"), data.get("ipv6CidrRange")]
        ranges += [second.get("ipCidrRange") for second in data.get("secondaryIpRanges") or ()]
        place = {**_network(data), "subnet_id": data.get("name")}
        held = [{**place, "cidr": cidr} for cidr in ranges if cidr]
    elif kind == "cluster":
        held = [_network(data)]
    return held or [{}]


def _network(part: Mapping[str, Any]) -> dict[str, Any]:
    found = _NETWORK.search(str(part.get("network") or ""))
    subnet = str(part.get("subnetwork") or "").rpartition("/")[2]
    return {"vpc_id": f"{found[1]}:{found[2]}" if found else "", "subnet_id": subnet}
