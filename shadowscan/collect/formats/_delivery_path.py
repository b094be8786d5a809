"""What the path of a delivered object says of its records: account and region."""

import re
from collections.abc import Sequence

from shadowscan.collect.formats.interface import LocalObject
from shadowscan.engines.duckdb import DuckDBEngine

# `AWSLogs/ACCOUNT/SERVICE/REGION/` as AWS delivers, also hive-compatible; Security Lake's `region=…/accountId=…/`.
# Resolver query logs have the VPC in the place of the region, firewall logs their kind before it.
_DELIVERY_PATH = re.compile(
    r"AWSLogs/(?:aws-account-id=)?(?P<account>\d{12})/(?:aws-service=)?[A-Za-z0-9-]+/"
    r"(?:(?:flow|alert|tls)/)?(?:(?:aws-region=)?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)/)?"
)
_LAKE_PATH = re.compile(r"(?i)region=(?P<region>[a-z0-9-]+)/accountid=(?P<account>\d{12})/")


CREATE_OBJECTS = """
create or replace temp table read_object as
select
  unnest(range(len($source_ids))) as file,
  unnest($source_ids) as source_id,
  unnest($accounts) as path_account_id,
  unnest($regions) as path_region
"""


def list_objects(engine: DuckDBEngine, items: Sequence[LocalObject]) -> None:
    """Fill the temporary table `read_object`: the source id of each `file` and what its path says.

    Where the path says nothing the options `account_id` and `region` of the source count, or the container's; else it
    is `unknown`.
    """
    found = [_DELIVERY_PATH.search(item.name) or _LAKE_PATH.search(item.name) for item in items]
    engine.query(
        CREATE_OBJECTS,
        {
            "source_ids": [item.source_id for item in items],
            "accounts": [
                _said(place, "account") or item.options.get("account_id") or "unknown"
                for place, item in zip(found, items, strict=True)
            ],
            "regions": [
                _said(place, "region") or item.options.get("region") or "unknown"
                for place, item in zip(found, items, strict=True)
            ],
        },
    )


def _said(place: re.Match[str] | None, what: str) -> str | None:
    return place[what] if place else None
