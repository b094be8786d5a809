"""Terraform and OpenTofu: state files of version 4, and `terraform show -json` of a state or a plan.

Real shape: `{"version": 4, "terraform_version", "lineage", "resources": [{"module", "mode", "type", "name",
"instances": [{"attributes", "sensitive_attributes"}]}]}`; or `{"format_version", "terraform_version", "values":
{"root_module": {"resources", "child_modules"}}}`, in a plan `planned_values` and `configuration`.

| column of `asset` | from |
|---|---|
| `asset_id` | `arn`; a Google `id` that begins `projects/`; an Azure `id`, lower case; an interface's `id` |
| `kind` | the ARN; subnets by their type |
| `tags` | `tags_all`, else the provider's `default_tags` under `tags`; `effective_labels`, else `labels` |
| `cidr` | `cidr_block`, `ip_cidr_range`, `address_prefixes` of subnets |
| `role` | `role` of a Lambda function, `task_role_arn` |
| `repo` | where its module is written: see below |

The repository is the option `repo` of the source, else the one the file was found in. A module called by a local path
(`./modules/search`) is in that repository, in that folder, so that CODEOWNERS speaks for it; one called from another
repository is a library, whose authors do not run what others make of it: only where nothing else is known is it named.
A state file does not say where its modules come from, so its resources are of the root folder.

Only the attributes named here are read, by name. Outputs, variables and every other attribute may hold secrets and are
never looked at; a tag that the file marks sensitive is left out. Addresses are not taken: a state knows those of its
last run. Data sources are other people's and are left out, as is what a plan has yet to create: it has no id.
Doubts: `default_tags` made of variables are not in a plan's `configuration`; `tags_all` then tells most of them.
Sources: https://developer.hashicorp.com/terraform/internals/json-format, saved states and plans in public repositories
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shadowscan.collect.formats._asset import Reading, Row, asset_row, insert_assets, refuse
from shadowscan.collect.formats._aws_accounts import kind_of_arn
from shadowscan.collect.formats._aws_ids import split_arn
from shadowscan.collect.formats._json_documents import read_documents
from shadowscan.collect.formats._terraform_modules import Found, Modules, read_modules, state_resources, value_resources
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location

_TERRAFORM = re.compile(rb'"terraform_version"\s*:\s*"')
_SHAPE = re.compile(rb'"(?:lineage|format_version)"\s*:\s*"')
_SUBNETS = {
    "aws_subnet": "cidr_block",
    "google_compute_subnetwork": "ip_cidr_range",
    "azurerm_subnet": "address_prefixes",
}
_NETWORK = re.compile(r"projects/([^/]+)/global/networks/([^/]+)$")


class Terraform:
    """Resources that Terraform made, with their tags and where they are written."""

    id = "terraform"
    title = "Terraform state and plan (version 4 state, show -json)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _TERRAFORM.search(head.data) and _SHAPE.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_assets(engine, item, _readings(item)) for item in items}


FORMAT = Terraform()


def _readings(item: LocalObject) -> Iterator[Reading]:
    """Every managed resource of every document, numbered."""
    number = 0
    for document in read_documents(item):
        if isinstance(document.value, Exception):
            number += 1
            yield number, partial(refuse, document.value)
        elif isinstance(document.value, dict):
            modules = read_modules(document.value, item.options.get("repo") or item.scope)
            for found in _resources(document.value, item):
                number += 1
                yield number, partial(_read, found, modules)


def _resources(document: Mapping[str, Any], item: LocalObject) -> Iterator[Found]:
    if "format_version" in document:
        yield from value_resources(document)
    elif document.get("version") == 4:
        yield from state_resources(document)
    elif "terraform_version" in document:
        raise BadInputError(
            f"Terraform state of version {document.get('version')}",
            hint="terraform show -json writes it in today's form",
            location=Location(item.name),
        )


def _read(found: Found, modules: Modules) -> Iterable[Row]:
    """Rows of one resource; none for what has no id yet or lies in no cloud."""
    values = found.values
    asset_id = _asset_id(values)
    if not asset_id:
        return
    tags = {**modules.default_tags(found.provider), **_tags(found)}
    places: dict[str, Any] = {
        "name": tags.get("Name") or f"{found.module}.{found.name}".lstrip("."),
        "role": _text(values.get("role") or values.get("task_role_arn")),
        "repo": modules.repo(found.module),
        "tags": tags,
        **_place(asset_id, values),
    }
    ranges = values.get(_SUBNETS.get(found.type, ""))
    kind = "subnet" if found.type in _SUBNETS else kind_of_arn(asset_id)
    for cidr in (ranges if isinstance(ranges, list) else [ranges]) if ranges else [""]:
        yield asset_row(asset_id, kind, **{**places, "cidr": cidr})


def _asset_id(values: Mapping[str, Any]) -> str:
    """The id that the inventory knows it by; empty where it has none that stands alone."""
    arn, own = _text(values.get("arn")), _text(values.get("id"))
    if arn.startswith("arn:"):
        return arn
    if own.casefold().startswith("/subscriptions/"):
        return own.casefold()
    return own if own.startswith(("projects/", "arn:", "eni-")) else ""


def _tags(found: Found) -> dict[str, str]:
    values, hidden = found.values, found.sensitive
    names = ("labels", "effective_labels", "tags", "tags_all")
    listed = [values.get(name) for name in names if name not in hidden]
    return {str(key): _text(value) for tags in listed if isinstance(tags, dict) for key, value in tags.items()}


def _place(asset_id: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Account, region and network, from the id and the few attributes that name them."""
    network = _NETWORK.search(_text(values.get("network")))
    if network:
        return {"account_id": _text(values.get("project")), "vpc_id": f"{network[1]}:{network[2]}"}
    if asset_id.startswith("arn:"):
        region, account, resource = split_arn(asset_id)
        subnet = resource.removeprefix("subnet/") if resource.startswith("subnet/") else ""
        vpc = _text(values.get("vpc_id"))
        return {"region": region, "account_id": account, "vpc_id": vpc, "subnet_id": subnet}
    parts = asset_id.split("/")
    if parts[:2] == ["", "subscriptions"]:
        within = f"{parts[4]}:{parts[8]}" if len(parts) > 9 and parts[7] == "virtualnetworks" else ""
        return {"account_id": parts[2], "vpc_id": within, "subnet_id": parts[-1] if within else ""}
    return {"account_id": parts[1] if parts[0] == "projects" else _text(values.get("owner_id"))}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
