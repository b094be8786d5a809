"""The entries of policy.yaml, one class each: field names are those of the public contract, section 3."""

from datetime import date
from decimal import Decimal
from ipaddress import ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from shadowscan.documents import Entry, bare, nearest


def known_vendor(value: str, info: ValidationInfo) -> str:
    """The vendor id as written; refused with the nearest one where the catalogue does not have it."""
    known = (info.context or {}).get("vendor_ids")
    if known is not None and value not in known:
        raise ValueError(f"unknown vendor {value!r}{nearest(value, known)}")
    return value


VendorId = Annotated[str, AfterValidator(known_vendor)]


class Dpa(Entry):
    """What the data processing agreement covers. `transfer` is what a transfer to a third country rests on."""

    regions: tuple[str, ...] = ()
    signed: date | None = None
    sub_processors: tuple[str, ...] = ()
    transfer: Literal["adequacy", "dpf", "scc", "bcr", "derogation"] | None = None


class Approval(Entry):
    """One approved vendor; what is left out is unlimited. `review_due` is the last day it holds."""

    id: VendorId
    services: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    review_due: date | None = None
    dpa: Dpa | None = None


class Listing(Entry):
    """One vendor in review or denied, or only some services of it."""

    id: VendorId
    services: tuple[str, ...] = ()
    reason: str = ""


class Vendors(Entry):
    """Which vendors are approved, in review, denied."""

    approved: tuple[Annotated[Approval, BeforeValidator(bare("id"))], ...] = ()
    in_review: tuple[Annotated[Listing, BeforeValidator(bare("id"))], ...] = ()
    denied: tuple[Annotated[Listing, BeforeValidator(bare("id"))], ...] = ()


class Address(Entry):
    """One address or range of a gateway; `vpc` scopes private ones."""

    cidr: str
    vpc: str = "unknown"

    @field_validator("cidr")
    @classmethod
    def _is_range(cls, value: str) -> str:
        return str(ip_network(value.strip(), strict=False))


class Gateway(Entry):
    """One approved gateway. `vendors` left out means every approved one."""

    name: str = Field(min_length=1)
    base_url: str = ""
    dialects: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    addresses: tuple[Annotated[Address, BeforeValidator(bare("cidr"))], ...] = ()
    repos: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    vendors: tuple[VendorId, ...] | None = None
    key_issue_url: str = ""

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """Its hosts and the host of its base URL, lower case, sorted, each once."""
        named = [*self.hosts, urlsplit(self.base_url).hostname or ""]
        return tuple(sorted({host.lower().rstrip(".") for host in named if host}))


class DataClass(Entry):
    """One class of data, where it may be processed, and who handles it."""

    allowed: tuple[str, ...]
    workloads: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()


class ResidencyException(Entry):
    """A place allowed beyond the rest, for one vendor or some teams, with an end."""

    vendor: VendorId | None = None
    teams: tuple[str, ...] = ()
    allowed: tuple[str, ...]
    reason: str = ""
    expires: date | None = None


class Residency(Entry):
    """Where data may be processed: region groups or region ids; and under whose law a provider may stand."""

    allowed: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    data_classes: dict[str, DataClass] = Field(default_factory=dict)
    exceptions: tuple[ResidencyException, ...] = ()


class Spend(Entry):
    """How spend is reported and when growth is worth a word (0.40 = 40 %)."""

    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    growth_alert: Decimal = Field(default=Decimal("0.40"), ge=0)
    fiscal_year_start: str = "01-01"

    @field_validator("fiscal_year_start")
    @classmethod
    def _is_month_and_day(cls, value: str) -> str:
        try:
            date.fromisoformat(f"2001-{value}")
        except ValueError as error:
            raise ValueError(f"{value!r} is not a month and day such as '02-01'") from error
        return value


class SuppressionEntry(Entry):
    """Findings shown but not counted, by rule (`keys.*` too), path pattern, fingerprint. `expires` is the last day."""

    rule: str = ""
    path: str = ""
    fingerprint: str = ""
    reason: str = ""
    by: str = ""
    expires: date | None = None

    @model_validator(mode="after")
    def _covers_something(self) -> "SuppressionEntry":
        if not (self.rule or self.path or self.fingerprint):
            raise ValueError("a suppression names a rule, a path or a fingerprint")
        return self


class TriageEntry(Entry):
    """What a person decided about one finding. `at` is a date or RFC 3339 time as written."""

    fingerprint: str = Field(min_length=1)
    status: Literal["accepted", "disputed", "assigned"]
    by: str = ""
    at: str = ""
    note: str = ""
