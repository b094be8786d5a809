"""Bicep: Azure OpenAI accounts and deployments."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import live_lines
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
_RESOURCE = re.compile(
    r"^\s*resource\s+\w+\s+'Microsoft\.CognitiveServices/(accounts(?:/deployments)?)@", re.IGNORECASE
)
_LOCATION = re.compile(r"^\s*(?:param\s+)?location\s*(?::|string\s*=|=)\s*'([\w ]+)'", re.IGNORECASE)
_SKU = re.compile(r"^\s*name\s*:\s*'(\w+)'")
_OPENAI = re.compile(r"kind\s*:\s*'(?:OpenAI|AIServices)'", re.IGNORECASE)


def _fits(document: Document) -> bool:
    return document.name.endswith(".bicep") and "CognitiveServices" in document.text


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    if not _OPENAI.search(document.text) and "/deployments@" not in document.text:
        return
    lines = live_lines(document.text, "//")
    regions = [found[1].lower().replace(" ", "") for text, _ in lines if (found := _LOCATION.match(text))]
    region = next((name for name in regions if lexicon.catalog.group_of(name) != "unknown"), "")
    skus = [
        found[1] for text, _ in lines if (found := _SKU.match(text)) and lexicon.catalog.routes.processing_of(found[1])
    ]
    where, how = f" region={region}" if region else "", f" sku={skus[0]}" if skus else ""
    for text, number in lines:
        found = _RESOURCE.match(text)
        if found:
            yield Signal(
                "resource", "azure-openai", "api", number, f"Microsoft.CognitiveServices/{found[1]}{where}{how}", 20
            )


KIND = Kind("bicep", _fits, _read)
