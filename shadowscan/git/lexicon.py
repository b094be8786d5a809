"""The words that code signals are found by, made once from the catalogue and the policy's gateways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shadowscan.catalog import Catalog

GATEWAY = "gateway"
GATEWAY_CONFIG_FILES = {
    "litellm_config.yaml": "litellm",
    "litellm_config.yml": "litellm",
    "proxy_server_config.yaml": "litellm",
    "tensorzero.toml": "tensorzero",
    "librechat.yaml": "librechat",
}
# A base URL is read from these besides what the catalogue lists under `environment`.
BASE_URL_WORDS = ("BASE_URL", "API_BASE", "_ENDPOINT", "BASEURL")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Look-ups by exact name: packages by ecosystem, environment names, container images (longest name first)."""

    catalog: Catalog
    gateway_hosts: frozenset[str]
    packages: Mapping[str, Mapping[str, str]]
    environment: Mapping[str, str]
    images: tuple[tuple[str, str], ...]
    modules: Mapping[str, str] = field(default_factory=dict)

    def vendor_of_host(self, host: str) -> tuple[str, str, str] | None:
        """(vendor id, service, region) of a host that takes use; `gateway` for an approved one; None otherwise."""
        name = host.lower().rstrip(".")
        if name in self.gateway_hosts:
            return GATEWAY, "api", "unknown"
        found = self.catalog.match(name)
        if found.vendor_id is None or found.surface not in ("api", "upload"):
            return None
        return found.vendor_id, found.service or "api", found.region


def build_lexicon(catalog: Catalog, gateway_hosts: Iterable[str] = ()) -> Lexicon:
    """The lexicon of one scan; the first vendor in id order keeps a name that two list."""
    packages: dict[str, dict[str, str]] = {}
    environment: dict[str, str] = {}
    images: dict[str, str] = {}
    for vendor_id, vendor in sorted(catalog.vendors.items()):
        for ecosystem, name in vendor.packages:
            packages.setdefault(ecosystem, {}).setdefault(name.lower(), vendor_id)
        for name in vendor.environment:
            environment.setdefault(name, vendor_id)
        for name in vendor.images:
            images.setdefault(name.lower(), vendor_id)
    ordered = tuple(sorted(images.items(), key=lambda item: (-len(item[0]), item[0])))
    hosts = frozenset(host.lower().rstrip(".") for host in gateway_hosts)
    return Lexicon(catalog, hosts, packages, environment, ordered, _modules(packages.get("pypi", {})))


def _modules(pypi: Mapping[str, str]) -> dict[str, str]:
    """Python module names: the package's name with `_`, and the ones that differ from it."""
    modules = {name.replace("-", "_"): vendor for name, vendor in pypi.items()}
    modules |= {name.replace("-", "."): vendor for name, vendor in pypi.items() if name.startswith("google-")}
    differing = {
        "google-genai": "google.genai",
        "google-generativeai": "google.generativeai",
        "ibm-watsonx-ai": "ibm_watsonx_ai",
    }
    modules |= {module: pypi[name] for name, module in differing.items() if name in pypi}
    return modules
