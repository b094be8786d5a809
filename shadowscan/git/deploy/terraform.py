"""Terraform and OpenTofu: model services as resources, their region, deployment SKU, and the model they serve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals_import import model_signals

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Resource types by their beginning → vendor. https://registry.terraform.io/browse/providers
_RESOURCES = (
    ("aws_bedrock", "aws-bedrock"),
    ("awscc_bedrock", "aws-bedrock"),
    ("aws_sagemaker_endpoint", "aws-sagemaker"),
    ("azurerm_cognitive_deployment", "azure-openai"),
    ("azurerm_cognitive_account", "azure-openai"),
    ("azurerm_ai_services", "azure-openai"),
    ("azurerm_ai_foundry", "azure-openai"),
    ("google_vertex_ai", "google-vertex"),
    ("google_discovery_engine", "google-vertex"),
    ("oci_generative_ai", "oci-genai"),
    ("openai_", "openai"),
    ("snowflake_cortex", "snowflake-cortex"),
)
_REGION_KEYS = ("location", "region")
_OPENAI_KINDS = frozenset({"openai", "aiservices"})
_PROVIDER_OF = {"aws": ("aws", "awscc"), "azurerm": ("azurerm",), "google": ("google",), "oci": ("oci",)}
DEPTH_LIMIT = 12


@dataclass
class Block:
    """One block: its labels, line, and what it sets, with the keys of inner blocks before the name (`sku.name`)."""

    labels: tuple[str, ...]
    line: int
    values: dict[str, tuple[str, int]] = field(default_factory=dict)


def _fits(document: Document) -> bool:
    return document.name.endswith((".tf", ".tofu", ".hcl", ".tfvars"))


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    blocks = list(read_blocks(document.text.encode()))
    regions = _provider_regions(blocks)
    variables = {
        b.labels[1]: b.values["default"][0]
        for b in blocks
        if b.labels[:1] == ("variable",) and len(b.labels) > 1 and "default" in b.values
    }
    for block in blocks:
        vendor = _vendor(block)
        if vendor:
            yield _resource(block, vendor, regions, variables, lexicon)
            for key in ("model.name", "model_id", "model_arn", "foundation_model", "model_source.copy_from"):
                if key in block.values:
                    yield from model_signals(*block.values[key])


def _vendor(block: Block) -> str:
    if block.labels[:1] not in (("resource",), ("module",)) or len(block.labels) < 2:
        return ""
    vendor = next((vendor for beginning, vendor in _RESOURCES if block.labels[1].startswith(beginning)), "")
    kind = block.values.get("kind", ("", 0))[0].lower()
    is_other = block.labels[1] == "azurerm_cognitive_account" and kind not in _OPENAI_KINDS
    return "" if is_other else vendor


def _resource(
    block: Block, vendor: str, regions: Mapping[str, str], variables: Mapping[str, str], lexicon: Lexicon
) -> Signal:
    """The resource with its region, its own or its provider's, and the SKU that says where it is processed."""
    own = next((block.values[key][0] for key in _REGION_KEYS if key in block.values), "")
    region = _region(own or regions.get(block.labels[1].split("_")[0], ""), variables, lexicon)
    sku = block.values.get("sku.name", block.values.get("scale.type", ("", 0)))[0]
    where = f" region={region}" if region else ""
    how = f" sku={sku}" if sku and lexicon.catalog.routes.processing_of(sku) else ""
    return Signal("resource", vendor, "api", block.line, f"{block.labels[1][:60]}{where}{how}", 20)


def _region(value: str, variables: Mapping[str, str], lexicon: Lexicon) -> str:
    """A region id; a variable by its default; `West Europe` as `westeurope`. Empty where it is none."""
    given = variables.get(value.removeprefix("var."), "") if value.startswith("var.") else value
    name = given.lower().replace(" ", "")
    return name if name and lexicon.catalog.group_of(name) != "unknown" else ""


def _provider_regions(blocks: list[Block]) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in blocks:
        if block.labels[:1] == ("provider",) and len(block.labels) > 1 and "alias" not in block.values:
            region = next((block.values[key][0] for key in _REGION_KEYS if key in block.values), "")
            found |= dict.fromkeys(_PROVIDER_OF.get(block.labels[1], ()), region)
    return found


def read_blocks(data: bytes) -> Iterator[Block]:
    """Every top-level block of a configuration. Total on any bytes."""
    root = _parser().parse(data).root_node
    bodies = [child for child in root.children if child.type == "body"]
    for body in bodies:
        for node in body.children:
            if node.type == "block":
                block = Block(_labels(node, data), node.start_point[0] + 1)
                _fill(block, node, data, "", 0)
                yield block


def _fill(block: Block, node: "Node", data: bytes, prefix: str, depth: int) -> None:
    body = next((child for child in node.children if child.type == "body"), None)
    for child in body.children if body is not None and depth < DEPTH_LIMIT else ():
        if child.type == "attribute" and child.named_child_count >= 2:
            key, value = child.named_children[0], child.named_children[-1]
            name = f"{prefix}{_text(key, data)}"
            block.values.setdefault(name, (_text(value, data).strip('"'), child.start_point[0] + 1))
        elif child.type == "block":
            _fill(block, child, data, f"{prefix}{_labels(child, data)[0]}.", depth + 1)


def _labels(node: "Node", data: bytes) -> tuple[str, ...]:
    labels = [child for child in node.named_children if child.type in ("identifier", "string_lit")]
    return tuple(_text(label, data).strip('"') for label in labels) or ("",)


def _text(node: "Node", data: bytes) -> str:
    return data[node.start_byte : min(node.end_byte, node.start_byte + 400)].decode("utf-8", errors="replace")


@lru_cache(maxsize=1)
def _parser() -> "Parser":
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


KIND = Kind("terraform", _fits, _read)
