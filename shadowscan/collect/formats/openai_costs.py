r"""OpenAI costs: saved pages of `GET /v1/organization/costs`.

Real shape, pages one after another::

    {"object": "page", "data": [{"object": "bucket", "start_time": 1791936000, "end_time": 1792022400, "results": [
      {"object": "organization.costs.result", "amount": {"value": 412.18, "currency": "usd"},
       "line_item": "gpt-5, input_tokens", "quantity": 329744.0, "quantity_unit": "1000_tokens",
       "project_id": "proj_k3", "api_key_id": null, "user_id": null, "api_source": null}]}],
     "has_more": true, "next_page": "page_AAA"}

===============================  ======================================================================================
field                            becomes
===============================  ======================================================================================
`start_time` `end_time`          `period_start_at` `period_end_at`; Unix seconds, days of UTC
`amount.value`                   `billed_cost` and `effective_cost`, **dollars**; a number or a text, read exactly
`amount.currency`                `currency`, in capitals; an empty result has no amount and is no charge
`line_item`                      `usage_type` and `description`
`quantity` `quantity_unit`       `quantity` `unit`; `1000_tokens` is kept as the unit, not multiplied out
`project_id`                     `vendor_account_id`
`organization_id`                `billing_account_id`; else the source's option `organization`, else `unknown`
`api_key_id`                     `credential_id`
`user_id`                        `principal_id`
`group_by` of the page           `grouped_by`; only pages that this tool saved carry it. Else the dimensions that any
                                 row of the page has; a page with none is the organization's `total`
===============================  ======================================================================================

Traps. Null in a dimension that was asked for is a group (no project); in one that was not it says nothing: hence
`grouped_by`. An answer grouped and one ungrouped are the same dollars: only their difference is counted beside the
finer one. A page holds seven days unless `limit` says more; `has_more` of the last page in the file is noted as
`truncated`. Days less than 72 hours old when the file was made are provisional.

Sources: the types `usage_costs_response` and `usage_costs_params` of the openai package 3.57.0;
https://platform.openai.com/docs/api-reference/usage/costs
Doubts: `organization_id` is in answers people publish, and not in the package's types.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shadowscan.collect.formats._charge_pages import read_pages
from shadowscan.collect.formats._charge_rows import Row, amount_of, charge_row, insert_reading, is_open, moment_of
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

DIMENSIONS = ("api_key_id", "api_source", "line_item", "project_id", "user_id")
_RESULT = re.compile(rb'"object"\s*:\s*"organization\.costs\.result"')
_EMPTY_PAGE = re.compile(rb'\A\s*\{\s*"object"\s*:\s*"page".*"object"\s*:\s*"bucket"', re.DOTALL)


class OpenaiCosts:
    """Costs of an OpenAI organization by day, project, key and line item."""

    id = "openai_costs"
    title = "OpenAI costs (organization/costs pages)"
    tables = ("charge", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A costs result; a page of empty days may be of costs or of usage."""
        if _RESULT.search(head.data):
            return 0.96
        return 0.55 if _EMPTY_PAGE.search(head.data) and b"organization." not in head.data else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, read_pages(item, DIMENSIONS, _charge)) for item in items}


FORMAT = OpenaiCosts()


def _charge(
    item: LocalObject, line: int, bucket: Mapping[str, Any], result: Mapping[str, Any], grouped_by: str
) -> Row | None:
    if result.get("amount") is None or result["amount"].get("value") is None:
        return None
    organization = result.get("organization_id") or item.options.get("organization")
    ended_at = moment_of(bucket["end_time"], "end_time")
    return charge_row(
        item,
        line,
        [organization, grouped_by, *(result.get(name) for name in DIMENSIONS)],
        source_kind=FORMAT.id,
        provider_name="OpenAI",
        invoice_issuer="OpenAI",
        service_name="OpenAI API",
        billing_account_id=organization,
        vendor_account_id=result.get("project_id"),
        vendor_account_name=result.get("project_name"),
        usage_type=result.get("line_item"),
        description=result.get("line_item"),
        principal_id=result.get("user_id"),
        credential_id=result.get("api_key_id"),
        period_start_at=moment_of(bucket["start_time"], "start_time"),
        period_end_at=ended_at,
        billed_cost=amount_of(result["amount"]["value"], "amount.value"),
        currency=result["amount"].get("currency"),
        quantity=amount_of(result.get("quantity") or Decimal(0), "quantity"),
        unit=result.get("quantity_unit"),
        grouped_by=grouped_by,
        charge_category="Usage",
        provisional=is_open(item, ended_at),
    )
