"""What the path of a delivered object says of its records: account and region."""

import re
from collections.abc import Sequence

from shadowscan.collect.formats.interface import LocalObject

# `AWSLogs/ACCOUNT/SERVICE/REGION/` as AWS delivers, also hive-compatible; Security Lake's `region=…/accountId=…/`.
# Resolver query logs have the VPC in the place of the region, firewall logs their kind before it.
_DELIVERY_PATH = re.compile(
    r"AWSLogs/(?:aws-account-id=)?(?P<account>\d{12})/(?:aws-service=)?[A-Za-z0-9-]+/"
    r"(?:(?:flow|alert|tls)/)?(?:(?:aws-region=)?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)/)?"
)
_LAKE_PATH = re.compile(r"region=(?P<region>[a-z0-9-]+)/accountId=(?P<account>\d{12})/")


def path_places(items: Sequence[LocalObject]) -> tuple[list[str], list[str]]:
    """Account and region of each object as its delivery path says; `unknown` where it does not."""
    found = [_DELIVERY_PATH.search(item.name) or _LAKE_PATH.search(item.name) for item in items]
    accounts = [place["account"] if place else "unknown" for place in found]
    return accounts, [(place["region"] if place else None) or "unknown" for place in found]
