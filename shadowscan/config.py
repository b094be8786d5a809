"""shadowscan.toml: what to collect, how long to keep it, and the numbers a company may want to change."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from shadowscan.documents import Entry, Find, as_it_stands, check, read_toml
from shadowscan.errors import ConfigError

CONFIG_NAMES = ("shadowscan.toml",)
_DURATION = re.compile(r"^\s*(\d+)\s*(s|m|h|d|w)\s*$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(value: Any) -> timedelta:
    """`6h`, `30m`, `90d`, `2w` as a time span; raises ValueError on anything else."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.match(str(value))
    if not found or int(found.group(1)) > 1_000_000:
        raise ValueError(f"{str(value)!r} is not a duration such as '6h' or '90d'")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Share = Annotated[float, Field(ge=0, le=1)]


class SourceEntry(Entry):
    """One thing to collect; whatever else stands in its block is an option of that source."""

    model_config = ConfigDict(frozen=True, extra="allow")
    target: str = Field(min_length=1)
    format: str = ""

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The other keys of the block, as text, sorted."""
        return tuple(sorted((key, str(value)) for key, value in (self.model_extra or {}).items()))


class Settings(Entry):
    """`memory` is of the process (`2GB`), `threads` 0 = default, `db` and `vendors` (the folder of a company's own
    vendor entries) empty = default place.
    """

    dns_window: Duration = timedelta(hours=6)
    memory: str = ""
    threads: int = Field(default=0, ge=0, le=1024)
    db: str = ""
    vendors: str = ""


def _naming_rule(pattern: str) -> str:
    """A pattern with one `{team}` in it; raises ValueError on any other."""
    if pattern.count("{team}") != 1 or set(pattern.replace("{team}", "")) & set("{}[]?"):
        raise ValueError(f"{pattern!r} is not a name with one {{team}} in it, such as 'svc-{{team}}-*'")
    return pattern


class Confidence(Entry):
    """How sure each kind of ownership evidence makes, 0 to 1, strongest first. A proposal, not a standard."""

    owners_yaml: Share = 1.0
    vendor_identity: Share = 0.95
    tag: Share = 0.90
    backstage: Share = 0.85
    codeowners: Share = 0.80
    codeowners_person: Share = 0.65
    naming: Share = 0.75
    oncall: Share = 0.60
    account: Share = 0.70
    account_shared: Share = 0.40
    attached_resource: Share = 0.65
    cidr: Share = 0.55
    payer: Share = 0.50
    git_committer: Share = 0.40
    default: Share = 0.25
    unknown_team: Share = 0.30
    agreement: Share = 0.05
    conflict: Share = 0.20
    cap: Share = 0.98


NamingRule = Annotated[str, AfterValidator(_naming_rule)]


class Ownership(Entry):
    """Numbers of the owner decision, and how this company writes a team into names.

    `names`: patterns such as `svc-{team}-*`, for workloads, roles and service accounts; `*` stands for anything. A name
    that begins with a team counts without a rule.
    """

    confidence: Confidence = Confidence()
    names: tuple[NamingRule, ...] = ()


class Retention(Entry):
    """How long bulk rows of a table are kept, by event time; left out = for ever. Roll-ups stay."""

    flow: Duration | None = None
    dns_query: Duration | None = None
    dns_answer: Duration | None = None
    tls_connection: Duration | None = None
    model_call: Duration | None = None
    charge: Duration | None = None

    def periods(self) -> Mapping[str, timedelta]:
        """Table → time it is kept, for the tables that have one."""
        return {name: getattr(self, name) for name in type(self).model_fields if getattr(self, name) is not None}


class Config(Entry):
    """The whole file; defaults where there is none."""

    sources: tuple[SourceEntry, ...] = ()
    settings: Settings = Settings()
    ownership: Ownership = Ownership()
    retention: Retention = Retention()

    @model_validator(mode="after")
    def _each_source_once(self) -> "Config":
        targets = [source.target for source in self.sources]
        twice = sorted({target for target in targets if targets.count(target) > 1})
        if twice:
            raise ValueError(f"sources name the same target twice: {', '.join(twice)}")
        return self

    @property
    def digest(self) -> str:
        """Digest of what changes enrichment: settings and ownership numbers."""
        parts = f"{self.settings.dns_window}|{self.ownership.model_dump_json()}"
        return hashlib.sha256(parts.encode()).hexdigest()[:16]


def load_config(path: Path | None, find: Find = as_it_stands) -> Config:
    """Read shadowscan.toml; raises `ConfigError` with every problem. No path: the defaults."""
    return Config() if path is None or find(path) is None else check(Config, read_toml(path, find))


def existing_file(given: str, names: Sequence[str]) -> Path | None:
    """The file given (which must exist), else the first of these names in this folder, else None."""
    if given:
        path = Path(given)
        if not path.is_file():
            raise ConfigError(f"{given} does not exist", hint="check the path")
        return path
    return next((Path(name) for name in names if Path(name).is_file()), None)
