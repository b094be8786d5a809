"""owners.yaml: who answers for what. One row of evidence an entry, and the roster of team names."""

import hashlib
import re
from collections.abc import Collection
from datetime import date
from functools import cached_property, lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator, model_validator

from shadowscan.documents import Entry, Find, as_it_stands, bare, check, read_yaml
from shadowscan.policy_entries import VendorId

DEFAULT_TAG_KEYS = ("team", "owner-team", "owning-team", "squad", "owner")
_SEPARATORS = re.compile(r"[-_ ./:]+")
_ROBOT = re.compile(r"\[bot\]|\bbot\b|dependabot|renovate|github-actions|(?:^|<)noreply@", re.IGNORECASE)
_PREFIXES = re.compile(r"^(?:group:(?:[\w.-]+/)?|user:(?:[\w.-]+/)?|@(?:[\w.-]+/)*)")


class Statement(Entry):
    """What every entry may carry: its last day, who approved it, why."""

    expires: date | None = None
    approved_by: str = ""
    reason: str = ""


class Team(Statement):
    """One team: its name, what else it is called, who is in it, what it pays from."""

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    cost_centers: tuple[str, ...] = ()
    contact: str = ""


class Ownership(Statement):
    """A team, or shared on purpose; one of the two."""

    team: str = ""
    shared: bool = False

    @model_validator(mode="after")
    def _says_who(self) -> "Ownership":
        if bool(self.team) == self.shared:
            raise ValueError("name a `team`, or say `shared: true`, not both")
        return self


class CidrOwner(Ownership):
    """One address range; `vpc` or `account` scopes private ones."""

    cidr: str
    vpc: str = "unknown"
    account: str = "unknown"

    @field_validator("cidr")
    @classmethod
    def _is_range(cls, value: str) -> str:
        return str(ip_network(value.strip(), strict=False))


class ResourceOwner(Ownership):
    """One resource by id or ARN; `*` and `?` match as in file names."""

    id: str = Field(min_length=1)


class VendorAccountOwner(Ownership):
    """One project, workspace, organisation or key id at a vendor."""

    vendor: VendorId
    id: str = Field(min_length=1)


class RepoOwner(Ownership):
    """One repository, or the paths of it that match."""

    repo: str = Field(min_length=1)
    path: str = "**"


class Owners(Entry):
    """The whole document. Empty and `is_given` false where there is none."""

    teams: tuple[Annotated[Team, BeforeValidator(bare("name"))], ...] = ()
    accounts: dict[str, Annotated[Ownership, BeforeValidator(bare("team"))]] = Field(default_factory=dict)
    cidrs: tuple[CidrOwner, ...] = ()
    resources: tuple[ResourceOwner, ...] = ()
    vendor_accounts: tuple[VendorAccountOwner, ...] = ()
    repos: tuple[RepoOwner, ...] = ()
    tag_keys: tuple[str, ...] = DEFAULT_TAG_KEYS
    _given: bool = PrivateAttr(default=False)

    @property
    def is_given(self) -> bool:
        """Whether there is an owners file at all."""
        return self._given

    @property
    def digest(self) -> str:
        """Digest of what it says, not of its comments; `none` without a file."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16] if self._given else "none"

    @cached_property
    def team_names(self) -> dict[str, str]:
        """Folded name or alias → team name as declared."""
        names: dict[str, str] = {}
        for team in self.teams:
            for word in (team.name, *team.aliases):
                names.setdefault(fold(word), team.name)
        return names

    def team_of(self, value: str) -> str | None:
        """The declared team behind a name, alias, `@org/team` or `group:default/team`; None where not declared."""
        return self.team_names.get(fold(_PREFIXES.sub("", value.strip()))) or self.team_names.get(fold(value))

    def team_of_member(self, email: str) -> str | None:
        """The team whose `members` has this e-mail address or handle; None where none has."""
        wanted = email.strip().casefold().lstrip("@")
        named = (t.name for t in self.teams if wanted in {member.casefold().lstrip("@") for member in t.members})
        return next(named, None)

    def team_of_cost_center(self, code: str) -> str | None:
        """The team that pays from this cost centre; None where none does."""
        wanted = fold(code)
        return next((t.name for t in self.teams if wanted in {fold(center) for center in t.cost_centers}), None)


@lru_cache(maxsize=65_536)  # an inventory has few distinct keys and teams, asked for every subject
def fold(value: str) -> str:
    """A name as compared: case and `-_ ./:` make no difference."""
    return _SEPARATORS.sub("-", value.strip().casefold()).strip("-")


def is_robot(person: str) -> bool:
    """Whether a committer's name or address is a program's; GitHub's private addresses are people's."""
    return bool(_ROBOT.search(person))


def plain_team(value: str) -> str:
    """A team as written elsewhere without `@org/` or `group:namespace/` before it, lower case."""
    return _PREFIXES.sub("", value.strip().casefold())


def load_owners(path: Path | None, vendor_ids: Collection[str], find: Find = as_it_stands) -> Owners:
    """Read owners.yaml; raises `ConfigError` with every problem. No path: an empty document."""
    if path is None or find(path) is None:
        return Owners()
    owners = check(Owners, read_yaml(path, find), {"vendor_ids": vendor_ids})
    owners._given = True
    return owners
