"""Container images of gateways and model servers in Dockerfiles, compose files, Kubernetes, Helm, Terraform, Nomad."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy.interface import Document, Kind, named_gateway, serves
from shadowscan.git.deploy.workflow import KIND as WORKFLOW
from shadowscan.git.lexicon import GATEWAY_ROLES, PLAIN_PROXIES, Lexicon
from shadowscan.git.signal import Signal

_IMAGE = re.compile(
    r"""^\s*(?:-\s*)?(?:FROM|["']?(?:image|repository)["']?\s*[:=])\s*(?:--platform=\S+\s+)?["']?([\w./:@-]+)""",
    re.IGNORECASE,
)
_NAMES = ("dockerfile", "containerfile", "docker-compose", "compose")
_SUFFIXES = (".yaml", ".yml", ".tf", ".nomad", ".hcl", ".dockerfile", ".json")


def _fits(document: Document) -> bool:
    if WORKFLOW.fits(document):
        return False  # what a build job runs beside itself is deployed nowhere
    return document.name.startswith(_NAMES) or document.name.endswith(_SUFFIXES)


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    for number, line in enumerate(document.text.splitlines(), 1):
        found = _IMAGE.match(line) if len(line) < 2_000 else None
        name = re.split(r"[:@]", found[1].lower())[0] if found else ""
        image = next((one for one in lexicon.images if name and _is(name, one[0])), None)
        if image:
            yield _signal(*image, number, document, lexicon)


def _is(name: str, image: str) -> bool:
    return name == image or name.endswith("/" + image)


def _signal(image: str, vendor_id: str, line: int, document: Document, lexicon: Lexicon) -> Signal:
    """A gateway product is a gateway where it is run; a model server serves by itself; the rest is only listed."""
    vendor = lexicon.catalog.vendor(vendor_id)
    is_gateway = vendor.role in GATEWAY_ROLES
    if is_gateway and (vendor_id not in PLAIN_PROXIES or "ai-proxy" in document.text):
        return named_gateway(vendor_id, line, f"runs {image}")
    if vendor.category == "self_hosted" and not is_gateway:
        return serves(line, f"runs {image}, a model server")
    return Signal("image", vendor_id, "unknown", line, f"runs {image}")


KIND = Kind("images", _fits, _read)
