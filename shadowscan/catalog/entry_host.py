"""A host pattern, address range and region rule as a vendor file writes them."""

import re
from datetime import date
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from shadowscan.catalog.entry_key import Pattern
from shadowscan.catalog.public_suffix import is_public_suffix
from shadowscan.documents import Entry, nearest
from shadowscan.model.vendor import MatchKind, Surface

# What a {field} of a template may be called; each stands for one or more labels, or a part of one.
TEMPLATE_FIELDS = frozenset(
    {"account", "app", "deployment", "endpoint", "geo", "id", "mr", "org", "project", "region", "resource", "tenant"}
    | {"user", "vpce", "workspace"}
)
# Facts outside the host name that a region rule may ask for: the prefix of a Bedrock profile, the SKU of an Azure
# deployment, Alibaba's scope, an account's cross-region setting, OpenAI's project residency, Anthropic's geography.
CONDITIONS = frozenset({"model_prefix", "sku", "scope", "cross_region", "residency", "inference_geo"})
_FIELD = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+")


def host_pattern(value: str) -> str:
    """The pattern as written; refused where it is no name in lower case ASCII of two labels or more."""
    for found in _FIELD.findall(value):
        if found not in TEMPLATE_FIELDS:
            raise ValueError(f"unknown field {{{found}}}{nearest(found, TEMPLATE_FIELDS)}")
    plain = _FIELD.sub("x", value)
    if "." not in value and is_public_suffix(value):
        raise ValueError(f"{value} is a public suffix: it would match everybody's names")
    if not _NAME.fullmatch(plain) or len(plain) > 253 or any(len(label) > 63 for label in plain.split(".")):
        raise ValueError(f"{value!r} is no host name in lower case ASCII (no scheme, port, path, `*` or final dot)")
    return value


def network(value: str) -> str:
    """The range as written; refused where it is none or has host bits set."""
    return str(ip_network(value))


def conditions(value: dict[str, str]) -> dict[str, str]:
    """The conditions as written; refused where nothing of the tool knows such a fact."""
    for word in value:
        if word not in CONDITIONS:
            raise ValueError(f"unknown condition {str(word)!r}{nearest(word, CONDITIONS)}")
    return value


Conditions = Annotated[dict[str, str], AfterValidator(conditions)]
HostPattern = Annotated[str, AfterValidator(host_pattern)]
SourceIds = tuple[str, ...]


class HostItem(Entry):
    """One host. A user's short form is the bare name: an exact API host.

    `holds` names the other vendors that have hosts of their own below a suffix: said, it is meant; unsaid, refused.
    """

    pattern: HostPattern
    match: MatchKind = "exact"
    surface: Surface = "api"
    service: str = Field(default="api", min_length=1)
    sources: SourceIds = ()
    experimental: bool = False
    own_suffix: bool = False
    holds: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _fields_stand_in_templates_only(self) -> "HostItem":
        if ("{" in self.pattern) != (self.match == "template"):
            raise ValueError(f"{self.pattern}: a template has a {{field}}, and only a template has one")
        if self.match == "template" and "{" in ".".join(self.pattern.rsplit(".", 2)[1:]):
            raise ValueError(f"{self.pattern}: the last two labels of a template are literal")
        return self


class RangeItem(Entry):
    """One published range."""

    cidr: Annotated[str, AfterValidator(network)]
    use: Literal["dedicated", "shared"]
    published_on: date
    sources: SourceIds = ()


class RegionRuleItem(Entry):
    """One region rule; it has a pattern, or conditions on facts outside the host name."""

    id: str = Field(min_length=1)
    pattern: Pattern | None = None
    gives: str = Field(min_length=1)
    strength: Literal["A", "B", "C", "X"]
    region: str = ""
    note: str = ""
    sources: SourceIds = ()
    conditions: Conditions = Field(default_factory=dict)

    @model_validator(mode="after")
    def _rests_on_something(self) -> "RegionRuleItem":
        if self.pattern is None and not self.conditions:
            raise ValueError(f"region rule {self.id} has neither pattern nor conditions")
        if self.pattern is not None and not (self.pattern.startswith(("^", r"\.")) and self.pattern.endswith("$")):
            raise ValueError(f"region rule {self.id}: anchor the pattern with ^ (or a leading dot) and $")
        return self
