r"""OpenRouter activity: the saved answer of `GET /api/v1/activity` (a management key's, by completed UTC day).

Real shape::

    {"data": [{"date": "2026-10-14", "model": "openai/gpt-4.1", "model_permaslug": "openai/gpt-4.1-2025-04-14",
      "endpoint_id": "550e8400-…", "provider_name": "OpenAI", "usage": 0.015, "byok_usage_inference": 0.012,
      "requests": 5, "prompt_tokens": 50, "completion_tokens": 125, "reasoning_tokens": 25}]}

==========================================  ===========================================================================
field                                       becomes
==========================================  ===========================================================================
`date`                                      `period_start_at`, one UTC day long
`usage`                                     `billed_cost` and `effective_cost`, US dollars of OpenRouter credits
`byok_usage_inference`                      nothing: with a key of one's own the upstream vendor bills it
`model_permaslug`, else `model`             `usage_type`
`provider_name`                             `description`, as `via OpenAI`; the vendor of the charge is OpenRouter
`prompt_tokens` `completion_tokens`         `quantity`, their sum; `unit` is `tokens`
`requests` `reasoning_tokens`               not kept; reasoning is a part of completion
option `organization`                       `billing_account_id`: the answer does not name its organization
==========================================  ===========================================================================

Traps. Credits are bought by card: the card's payment is cash, and this is what was consumed, often in another month.

Source: https://openrouter.ai/docs/api-reference/analytics/get-activity
Doubts: that the answer reaches back thirty days, and no further, is not verified.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shadowscan.collect.formats._charge_rows import (
    REFUSED,
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

_BYOK = re.compile(rb'"byok_usage_inference"\s*:')
_USAGE = re.compile(rb'"usage"\s*:\s*-?[0-9]')


class OpenrouterActivity:
    """Spend of an OpenRouter organization by day, model and provider."""

    id = "openrouter_activity"
    title = "OpenRouter activity (api/v1/activity answer)"
    tables = ("charge", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A usage beside a usage under one's own key: no other answer has both."""
        return 0.96 if _BYOK.search(head.data) and _USAGE.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where nothing in the object is JSON."""
        return {item.source_id: insert_reading(engine, item, _read(item)) for item in items}


FORMAT = OpenrouterActivity()


def _read(item: LocalObject) -> Reading:
    reading, line = Reading(), 0
    for document in read_exact(item):
        try:
            entries = list(document.value["data"])
        except REFUSED as error:
            reading.refuse(f"line {document.line}", error)
            continue
        for line, entry in enumerate(entries, line + 1):  # noqa: B020 - goes on counting over answers
            try:
                reading.add(_charge(item, line, entry))
            except REFUSED as error:
                reading.refuse(f"entry {line}", error)
    return reading


def _charge(item: LocalObject, line: int, entry: Mapping[str, Any]) -> Row:
    day, organization = moment_of(str(entry["date"]), "date"), item.options.get("organization")
    model, provider = entry.get("model_permaslug") or entry["model"], entry.get("provider_name")
    tokens = [amount_of(entry.get(name) or Decimal(0), name) for name in ("prompt_tokens", "completion_tokens")]
    return charge_row(
        item,
        line,
        [organization, entry.get("model"), model, entry.get("endpoint_id"), provider],
        source_kind=FORMAT.id,
        provider_name="OpenRouter",
        invoice_issuer="OpenRouter",
        service_name="OpenRouter",
        billing_account_id=organization,
        usage_type=model,
        description=f"via {provider}" if provider else None,
        period_start_at=day,
        period_end_at=day + timedelta(days=1),
        billed_cost=amount_of(entry["usage"], "usage"),
        currency="USD",
        quantity=sum(tokens, Decimal(0)),
        unit="tokens",
        charge_category="Usage",
    )
