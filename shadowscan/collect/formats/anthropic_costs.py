r"""Anthropic costs: saved pages of `GET /v1/organizations/cost_report`, and of its `analytics/cost_report`.

Real shape::

    {"data": [{"starting_at": "2026-10-14T00:00:00Z", "ending_at": "2026-10-15T00:00:00Z", "results": [
      {"amount": "41218.50", "currency": "USD", "cost_type": "tokens",
       "description": "Claude Sonnet 4.6 Usage - Input Tokens", "context_window": "0-200k",
       "model": "claude-sonnet-4-6", "service_tier": "standard", "token_type": "uncached_input_tokens",
       "workspace_id": "wrkspc_01Ab", "inference_geo": "us"}]}], "has_more": false, "next_page": null}

===============================  ======================================================================================
field                            becomes
===============================  ======================================================================================
`starting_at` `ending_at`        `period_start_at` `period_end_at`, UTC
`amount`                         `billed_cost` and `effective_cost`: **cents** as text, so `"41218.50"` is $412.185
`workspace_id`                   `vendor_account_id`; null where it was asked for is the `default` workspace
`model` `token_type`             `usage_type`, as `claude-sonnet-4-6:uncached_input_tokens`; else `cost_type`, `product`
`description`                    `description`, else the model
`inference_geo`                  `region`; `not_available` and `global` as written
`service_tier` `context_window`  part of the charge's identity, with `speed`, `product` and whatever else was grouped by
`product`                        `operation`: the surface (chat, claude_code, cowork) of analytics pages
`list_amount`                    not kept: the amount is what is charged, after discounts, before credits
`group_by` of the page           `grouped_by`, as for `openai_costs`; `description` stands for what it brings along
option `organization`            `billing_account_id`: the answer does not name its organization
===============================  ======================================================================================

Traps. Amounts are cents in both reports, never dollars. Rows by `rbac_group_id` overlap (a person counts in each of
their groups), so they are refused: ask without it. A page holds seven days unless `limit` says more (31 at most), and a
grouped analytics bucket its hundred largest groups without a remainder: save the ungrouped answer too, and what the
groups leave out is a row of its own. Spend of the priority tier is in neither report.

Sources: https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-cost-report and the type
`beta_analytics_cost_bucketed_result` of the anthropic package 2.14.0.
Doubts: the two reports of one organization may tell the same dollars; the first is of the API, the second of seats.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shadowscan.collect.formats._charge_pages import read_pages
from shadowscan.collect.formats._charge_rows import Row, amount_of, charge_row, insert_reading, is_open, moment_of
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

DIMENSIONS = (
    "claude_tag_category", "claude_tag_user_id", "context_window", "cost_type", "description", "inference_geo", "model",
    "product", "rbac_group_id", "service_tier", "slack_channel_id", "speed", "token_type", "workspace_id",
)  # fmt: skip
BROUGHT_ALONG = {"context_window", "cost_type", "inference_geo", "model", "service_tier", "token_type"}
_BUCKET = re.compile(rb'"(?:starting|ending)_at"\s*:\s*"')
_AMOUNT = re.compile(rb'"amount"\s*:\s*"-?[0-9.]+"')
_OTHER = re.compile(rb'"(?:cost_type|list_amount|inference_geo)"\s*:')


class AnthropicCosts:
    """Costs of an Anthropic organization by day, workspace and description."""

    id = "anthropic_costs"
    title = "Anthropic costs (cost_report pages)"
    tables = ("charge", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Buckets with amounts as text, and a field that only these reports have."""
        data = head.data
        if not head.begins_json or not _BUCKET.search(data):
            return 0.0
        return 0.95 if _AMOUNT.search(data) and _OTHER.search(data) and b'"results"' in data else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, read_pages(item, DIMENSIONS, _charge)) for item in items}


FORMAT = AnthropicCosts()


def _charge(item: LocalObject, line: int, bucket: Mapping[str, Any], result: Mapping[str, Any], grouped_by: str) -> Row:
    asked = grouped_by.split(",")
    if "rbac_group_id" in asked:
        raise ValueError("grouped by rbac_group_id: groups overlap and exceed the total; ask without it")
    if not isinstance(result["amount"], str):
        raise ValueError(f"amount {result['amount']!r}: not a text of cents")
    ended_at, workspace = moment_of(bucket["ending_at"], "ending_at"), result.get("workspace_id")
    return charge_row(
        item,
        line,
        [item.options.get("organization"), grouped_by, *(result.get(name) for name in DIMENSIONS)],
        source_kind=FORMAT.id,
        provider_name="Anthropic",
        invoice_issuer="Anthropic",
        service_name="Claude API",
        billing_account_id=item.options.get("organization"),
        vendor_account_id=workspace or ("default" if "workspace_id" in asked else None),
        usage_type=_meter(result),
        operation=result.get("product"),
        description=result.get("description") or result.get("model"),
        region=result.get("inference_geo"),
        period_start_at=moment_of(bucket["starting_at"], "starting_at"),
        period_end_at=ended_at,
        billed_cost=amount_of(result["amount"], "amount", scale=-2),
        currency=result["currency"],
        grouped_by=_grouping(asked),
        charge_category="Usage",
        provisional=is_open(item, ended_at),
    )


def _grouping(asked: Sequence[str]) -> str:
    """Without what a description brings along by itself."""
    return ",".join(name for name in asked if "description" not in asked or name not in BROUGHT_ALONG)


def _meter(result: Mapping[str, Any]) -> str | None:
    """Model and token type where both are given, else what says most."""
    parts = [result.get("model"), result.get("token_type")]
    named = ":".join(str(part) for part in parts if part)
    return named or result.get("cost_type") or result.get("product")
