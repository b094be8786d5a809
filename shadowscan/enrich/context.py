"""What every enrichment step is given."""

from dataclasses import dataclass
from datetime import datetime

from shadowscan.catalog import Catalog
from shadowscan.config import Config
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.progress import SILENT, Progress
from shadowscan.store.connection import Store


@dataclass(frozen=True, slots=True)
class EnrichContext:
    """One run's inputs. `as_of` is the audit's end (UTC, naive), the moment that expiry is judged by."""

    store: Store
    catalog: Catalog
    policy: Policy
    owners: Owners
    config: Config
    as_of: datetime
    progress: Progress = SILENT
