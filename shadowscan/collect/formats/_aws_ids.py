"""Identity in AWS: ARNs, regions, and what a page says of its account where records do not."""

import re
from dataclasses import dataclass
from typing import Any

_REGION = re.compile(r"^[a-z]{2,}(?:-[a-z]+)+-\d+")
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"))


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page of records was taken: account and region as `unknown` where nobody says."""

    account_id: str = "unknown"
    region: str = "unknown"


def region_of(zone: Any) -> str:
    """The region of an availability zone or region name, else unknown."""
    found = _REGION.match(str(zone or ""))
    return found[0] if found else "unknown"


def make_arn(service: str, region: str, account: str, resource: str) -> str:
    """The ARN in the partition of its region; the resource's own id where region or account are not known."""
    if "unknown" in (region, account):
        return re.split("[:/]", resource, maxsplit=1)[1]
    partition = next((name for start, name in _PARTITIONS if region.startswith(start)), "aws")
    return f"arn:{partition}:{service}:{region}:{account}:{resource}"


def split_arn(arn: object) -> tuple[str, str, str]:
    """(region, account, resource) of an ARN, unknown where a part is empty; raises ValueError where it is none."""
    parts = str(arn).split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise ValueError(f"{arn!r} is not an ARN")
    return parts[3] or "unknown", parts[4] or "unknown", parts[5]
