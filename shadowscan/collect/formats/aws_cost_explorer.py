r"""AWS Cost Explorer: saved answers of `aws ce get-cost-and-usage` (and `get-cost-and-usage-with-resources`).

Real shape, pages one after another::

    {"GroupDefinitions": [{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}, {"Type": "DIMENSION", "Key": "SERVICE"}],
     "ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Total": {}, "Estimated": true,
       "Groups": [{"Keys": ["222222222222", "Amazon Bedrock"],
                   "Metrics": {"UnblendedCost": {"Amount": "1834.2210000001", "Unit": "USD"}}}]}],
     "DimensionValueAttributes": [{"Value": "222222222222", "Attributes": {"description": "search-prod"}}]}

=====================================  ================================================================================
field                                  becomes
=====================================  ================================================================================
`TimePeriod`                           `period_start_at` `period_end_at`, end exclusive; a day, a month or an hour
`Metrics.UnblendedCost.Amount`         `billed_cost`; exact, as the text it is
`NetAmortizedCost`, `AmortizedCost`,   `effective_cost`, the first that was asked for, else the billed one
`NetUnblendedCost`
`UsageQuantity`                        `quantity` and `unit`; of mixed units it has none (`N/A`)
key of `LINKED_ACCOUNT`                `vendor_account_id`, its name from `DimensionValueAttributes`
key of `SERVICE`                       `service_name`; of `USAGE_TYPE`, `OPERATION`, `REGION`, `LEGAL_ENTITY_NAME`,
                                       `BILLING_ENTITY`, `RESOURCE_ID`: the columns of the same meaning
key of a `TAG`, `team$search`          `tags`; `team$` is untagged
`Total`                                a charge where the answer is ungrouped; `grouped_by` is then `total`
`Estimated`                            `provisional`
`NextPageToken` of the last page       noted as `truncated`
=====================================  ================================================================================

Traps. An answer that is not grouped by service says nothing of AI: it is kept and belongs to no vendor. Blended cost is
not read. Give Cost Explorer or the CUR of a payer, not both: of one account and month the one with more rows counts.

Sources: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html and the service
model of botocore 1.44.5.
Doubts: that `team$` with nothing after it stands for untagged is not written down by AWS.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from shadowscan.collect.formats._asset import write_tags
from shadowscan.collect.formats._charge_rows import (
    REFUSED,
    TOTAL,
    Reading,
    Row,
    amount_of,
    charge_row,
    insert_reading,
    moment_of,
    read_exact,
)
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

COLUMNS = {
    "LINKED_ACCOUNT": "vendor_account_id",
    "SERVICE": "service_name",
    "USAGE_TYPE": "usage_type",
    "OPERATION": "operation",
    "REGION": "region",
    "RESOURCE_ID": "resource_id",
    "LEGAL_ENTITY_NAME": "provider_name",
    "BILLING_ENTITY": "invoice_issuer",
}
EFFECTIVE = ("NetAmortizedCost", "AmortizedCost", "NetUnblendedCost", "UnblendedCost")
CATEGORIES = {"Tax": "Tax", "Credit": "Credit", "Refund": "Adjustment", "Fee": "Purchase"}
_RESULTS = re.compile(rb'"ResultsByTime"\s*:\s*\[')


class AwsCostExplorer:
    """Answers of AWS Cost Explorer."""

    id = "aws_cost_explorer"
    title = "AWS Cost Explorer (get-cost-and-usage answer)"
    tables = ("charge", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Results by time, with metrics of cost."""
        return 0.96 if _RESULTS.search(head.data) and b"Cost" in head.data else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, _read(item)) for item in items}


FORMAT = AwsCostExplorer()


def _read(item: LocalObject) -> Reading:
    reading, line, following = Reading(), 0, None
    for document in read_exact(item):
        try:
            found = list(_entries(document.value))
            names = _names(document.value)
            following = document.value.get("NextPageToken")
        except REFUSED as error:
            reading.refuse(f"line {document.line}", error)
            continue
        for line, (result, keys, metrics) in enumerate(found, line + 1):  # noqa: B020 - goes on counting over pages
            try:
                reading.add(_charge(item, line, result, keys, metrics, names))
            except REFUSED as error:
                reading.refuse(f"entry {line}", error)
    if following:
        reading.notes.append(("truncated", "the last page says that more follow (NextPageToken)", 1))
    return reading


def _entries(page: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], list[tuple[str, str, str]], Any]]:
    """(result, keys as (type, key, value), metrics) of every group, and of the total of an ungrouped result."""
    asked = [(str(one["Type"]), str(one["Key"])) for one in page.get("GroupDefinitions") or ()]
    for result in page["ResultsByTime"]:
        for group in result.get("Groups") or ():
            yield (
                result,
                [(*one, str(value)) for one, value in zip(asked, group["Keys"], strict=True)],
                group["Metrics"],
            )
        if result.get("Total") and not asked:
            yield result, [], result["Total"]


def _names(page: Mapping[str, Any]) -> dict[str, str]:
    described = page.get("DimensionValueAttributes") or ()
    return {str(one["Value"]): str(one.get("Attributes", {}).get("description", "")) for one in described}


def _charge(
    item: LocalObject,
    line: int,
    result: Mapping[str, Any],
    keys: Sequence[tuple[str, str, str]],
    metrics: Mapping[str, Any],
    names: Mapping[str, str],
) -> Row:
    known = {COLUMNS[key]: value for kind, key, value in keys if kind == "DIMENSION" and key in COLUMNS}
    tags = dict(value.split("$", 1) for kind, _, value in keys if kind == "TAG" and "$" in value)
    record_type = next((value for _, key, value in keys if key == "RECORD_TYPE"), "")
    billed, effective = _metric(metrics, ("UnblendedCost", *EFFECTIVE)), _metric(metrics, EFFECTIVE)
    usage = metrics.get("UsageQuantity", {})
    defaults = {"provider_name": "AWS", "invoice_issuer": "AWS", "description": known.get("service_name")}
    return charge_row(
        item,
        line,
        [item.options.get("organization"), *sorted(keys), result["TimePeriod"]["End"]],
        **{**defaults, **known},
        source_kind=FORMAT.id,
        billing_account_id=item.options.get("organization"),
        vendor_account_name=names.get(known.get("vendor_account_id", "")),
        charge_category=CATEGORIES.get(record_type, "Usage"),
        charge_class="Correction" if record_type == "Refund" else None,
        period_start_at=_moment(result["TimePeriod"]["Start"], "Start"),
        period_end_at=_moment(result["TimePeriod"]["End"], "End"),
        billed_cost=amount_of(billed["Amount"], "Amount"),
        effective_cost=amount_of(effective["Amount"], "Amount"),
        currency=billed["Unit"],
        quantity=amount_of(usage.get("Amount", Decimal(0)), "UsageQuantity"),
        unit=None if usage.get("Unit") == "N/A" else usage.get("Unit"),
        tags=write_tags(tags),
        grouped_by=",".join(sorted(key for _, key, _ in keys)) or TOTAL,
        provisional=bool(result.get("Estimated")),
    )


def _metric(metrics: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """The first of these metrics that was asked for."""
    found = [metrics[name] for name in names if name in metrics]
    if not found:
        raise ValueError("no metric of cost: ask for UnblendedCost")
    return dict(found[0])


def _moment(value: Any, name: str) -> datetime:
    return moment_of(str(value), name)
