"""CloudFormation and SAM templates, and ARM templates: model services as resources."""

from collections.abc import Iterator

from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.entries import Entry
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals_import import model_signals

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_Bedrock.html,
# https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts
_TYPES = (
    ("aws::bedrock", "aws-bedrock"),
    ("aws::sagemaker::endpoint", "aws-sagemaker"),
    ("microsoft.cognitiveservices/accounts/deployments", "azure-openai"),
    ("microsoft.cognitiveservices/accounts", "azure-openai"),
)
_MODEL_KEYS = frozenset({"ModelId", "FoundationModel", "ModelArn", "CopyFrom"})
_ARM_KINDS = frozenset({"openai", "aiservices"})


def _fits(document: Document) -> bool:
    text = document.text
    return document.is_tree and ("AWS::" in text or "Microsoft.CognitiveServices" in text)


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    entries = document.entries
    azure = any(e.key == "kind" and e.value.lower() in _ARM_KINDS for e in entries)
    for entry in entries:
        vendor = _vendor(entry) if entry.key.lower() == "type" else ""
        if vendor and (azure or vendor != "azure-openai"):
            yield _resource(entry, vendor, entries, lexicon)
        elif entry.key in _MODEL_KEYS:
            yield from model_signals(entry.value, entry.line)
        elif entry.key == "Action" and entry.value.lower().startswith("bedrock:invoke"):
            yield Signal("resource", "aws-bedrock", "api", entry.line, f"grants {entry.value[:60]}", 20)


def _vendor(entry: Entry) -> str:
    value = entry.value.lower()
    return next((vendor for beginning, vendor in _TYPES if value.startswith(beginning)), "")


def _resource(entry: Entry, vendor: str, entries: tuple[Entry, ...], lexicon: Lexicon) -> Signal:
    """The resource; ARM says location and SKU beside it, CloudFormation leaves the region to whoever deploys."""
    beside = [e for e in entries if e.path[: len(entry.path) - 1] == entry.path[:-1]]
    region = next(
        (
            e.value.lower()
            for e in beside
            if e.key == "location" and lexicon.catalog.group_of(e.value.lower()) != "unknown"
        ),
        "",
    )
    sku = next(
        (e.value for e in beside if e.path[-2:] == ("sku", "name") and lexicon.catalog.routes.processing_of(e.value)),
        "",
    )
    where, how = f" region={region}" if region else "", f" sku={sku}" if sku else ""
    return Signal("resource", vendor, "api", entry.line, f"{entry.value[:60]}{where}{how}", 20)


KIND = Kind("cloudformation", _fits, _read)
