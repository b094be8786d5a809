"""The words that code signals are found by, made once from the catalogue and the policy's gateways."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from shadowscan.catalog import Catalog
from shadowscan.git.code import languages

GATEWAY = "gateway"
# A base URL is read from these besides what the catalogue lists under `environment`.
BASE_URL_WORDS = ("BASE_URL", "API_BASE", "_ENDPOINT", "BASEURL")
# Names that other products share and that prove nothing alone.
SHARED_NAMES = frozenset(
    {"AWS_REGION", "GITHUB_TOKEN", "GOOGLE_API_KEY", "SQL_DSN", "CREDS_KEY", "INFERENCE_KEY", "MODEL_ACCESS_KEY"}
    | {"CLOUDFLARE_API_TOKEN", "DATABRICKS_TOKEN", "DATABRICKS_HOST", "DATABASE_URL", "DIGITALOCEAN_ACCESS_TOKEN"}
)
# Packages of platforms that do more than models: a client opened or a host named must say which.
SHARED_PACKAGES = frozenset(
    {"boto3", "aioboto3", "botocore", "oci", "mlflow", "cloudflare", "databricks-sdk", "huggingface-hub", "wandb"}
    | {"sagemaker", "google-cloud-aiplatform", "volcengine-python-sdk", "snowflake-ml-python", "tiktoken"}
    | {"@huggingface/hub", "cloud.google.com/go/aiplatform", "github.com/volcengine/volcengine-go-sdk"}
)
# Frameworks of many vendors, package and import name: they show that models are used, not whose.
FRAMEWORKS: Mapping[str, Mapping[str, str]] = {
    "pypi": {
        "langchain": "langchain", "langchain-core": "langchain_core", "langchain-community": "langchain_community",
        "langgraph": "langgraph", "llama-index": "llama_index", "llama-index-core": "llama_index.core",
        "haystack-ai": "haystack", "litellm": "litellm", "semantic-kernel": "semantic_kernel",
        "instructor": "instructor", "dspy": "dspy", "pydantic-ai": "pydantic_ai", "crewai": "crewai",
    },
    "npm": {
        "ai": "ai", "langchain": "langchain", "@langchain/core": "@langchain/core", "llamaindex": "llamaindex",
        "@langchain/community": "@langchain/community", "@langchain/langgraph": "@langchain/langgraph",
    },
    "maven": {
        "dev.langchain4j:langchain4j": "dev.langchain4j", "ai.koog:koog-agents": "ai.koog",
        "org.springframework.ai:spring-ai-core": "org.springframework.ai",
    },
    "nuget": {
        "microsoft.extensions.ai": "microsoft.extensions.ai", "microsoft.semantickernel": "microsoft.semantickernel",
    },
    "go": {"github.com/tmc/langchaingo": "github.com/tmc/langchaingo"},
    "cargo": {"rig-core": "rig", "genai": "genai"},
    "gem": {"ruby_llm": "ruby_llm", "langchainrb": "langchain"},
}  # fmt: skip
GATEWAY_ROLES = frozenset({"gateway", "gateway_ui", "subscription_proxy"})
# General proxies: their image is a gateway only where a plugin for models is configured.
PLAIN_PROXIES = frozenset({"kong-ai", "apisix-ai", "higress", "mlflow-gateway", "envoy-ai-gateway"})
NO_VENDOR = "unknown"
_PLACEHOLDER = "x-placeholder-x"


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Look-ups by exact name: packages and modules by ecosystem, environment names, images (longest name first)."""

    catalog: Catalog
    gateway_hosts: frozenset[str]
    packages: Mapping[str, Mapping[str, str]]
    modules: Mapping[str, Mapping[str, str]]
    environment: Mapping[str, str]
    images: tuple[tuple[str, str], ...]

    def vendor_of_host(self, host: str) -> tuple[str, str, str] | None:
        """(vendor id, service, region) of a host that takes use; `gateway` for an approved one; None otherwise."""
        return self._known(host.lower().rstrip("."))

    @cached_property
    def _known(self) -> "HostLookup":
        return HostLookup(self.catalog, self.gateway_hosts)

    def package(self, ecosystem: str, name: str) -> str:
        """The vendor of a declared package, `unknown` for a framework of many; empty where it means nothing."""
        return self.packages.get(ecosystem, {}).get(name, "")

    def module(self, ecosystem: str, name: str, separator: str) -> str:
        """The vendor of an import by its longest known beginning; as `package` otherwise."""
        names, parts = self.modules.get(ecosystem, {}), name.lower().split(separator)
        for length in range(len(parts), 0, -1):
            vendor = names.get(separator.join(parts[:length]))
            if vendor:
                return vendor
        return ""


class HostLookup:
    """Hosts to (vendor, service, region), each looked up once a scan."""

    def __init__(self, catalog: Catalog, gateway_hosts: frozenset[str]) -> None:
        self._catalog = catalog
        self._gateways = gateway_hosts
        self._find = lru_cache(maxsize=65_536)(self._match)

    def __call__(self, host: str) -> tuple[str, str, str] | None:
        """The host in lower case; a part that is only known at run time is written `*`."""
        return self._find(host)

    def _match(self, host: str) -> tuple[str, str, str] | None:
        if host in self._gateways:
            return GATEWAY, "api", "unknown"
        open_part = "*" in host
        found = self._catalog.match(host.replace("*", _PLACEHOLDER) if open_part else host)
        if found.vendor_id is None or found.surface not in ("api", "upload"):
            return None
        return found.vendor_id, found.service or "api", "unknown" if open_part else found.region


def build_lexicon(catalog: Catalog, gateway_hosts: Iterable[str] = ()) -> Lexicon:
    """The lexicon of one scan; the first vendor in id order keeps a name that two list."""
    listed: dict[str, dict[str, str]] = {}
    environment: dict[str, str] = {}
    images: dict[str, str] = {}
    for vendor_id, vendor in sorted(catalog.vendors.items()):
        for ecosystem, name in vendor.packages:
            listed.setdefault(ecosystem, {}).setdefault(name.lower(), vendor_id)
        for name in vendor.environment:
            environment.setdefault(name, vendor_id)
        for name in vendor.images:
            images.setdefault(name.lower(), vendor_id)
    packages = {ecosystem: _usable(ecosystem, names) for ecosystem, names in listed.items()}
    return Lexicon(
        catalog=catalog,
        gateway_hosts=frozenset(host.lower().rstrip(".") for host in gateway_hosts),
        packages=packages,
        modules=_modules(packages),
        environment={name: vendor for name, vendor in environment.items() if name not in SHARED_NAMES},
        images=tuple(sorted(images.items(), key=lambda item: (-len(item[0]), item[0]))),
    )


def _usable(ecosystem: str, names: Mapping[str, str]) -> dict[str, str]:
    own = {name: vendor for name, vendor in names.items() if name not in SHARED_PACKAGES}
    return own | dict.fromkeys(FRAMEWORKS.get(ecosystem, {}), NO_VENDOR)


def _modules(packages: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Import names by ecosystem, from every language's own table."""
    modules: dict[str, dict[str, str]] = {}
    for language in {one.id: one for one in languages().values()}.values():
        known = packages.get(language.ecosystem, {})
        named = {module: known[name] for module, name in language.module_names(sorted(known)).items()}
        frameworks = dict.fromkeys(FRAMEWORKS.get(language.ecosystem, {}).values(), NO_VENDOR)
        modules.setdefault(language.ecosystem, {}).update(named | frameworks)
    return modules


def canonical(name: str, ecosystem: str) -> str:
    """A package's name as the catalogue writes it."""
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "pypi" else name.lower()
