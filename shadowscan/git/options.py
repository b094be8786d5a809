"""What a repository scan is given."""

from dataclasses import dataclass
from datetime import datetime

from shadowscan.catalog import Catalog


@dataclass(frozen=True, slots=True)
class GitOptions:
    """The run, the catalogue, and what the user asked for. `diff` is BASE..HEAD or empty."""

    run_id: str
    collected_at: datetime
    catalog: Catalog
    organization: str
    diff: str = ""
    all_secrets: bool = False
    inline_allow: bool = False
    gateway_hosts: tuple[str, ...] = ()
