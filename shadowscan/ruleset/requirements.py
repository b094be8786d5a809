"""Whether a rule can be judged at all. A view that is empty because nothing feeds it is not "0 findings"."""

from collections.abc import Collection
from dataclasses import dataclass

from shadowscan.model.rule import Rule
from shadowscan.store.connection import Store


@dataclass(frozen=True, slots=True)
class Feed:
    """Base tables that a view is made from, and the kinds of source that fill them, in the user's words."""

    tables: tuple[str, ...]
    sources: str


_TRAFFIC = Feed(("flow", "tls_connection"), "flow logs (with DNS or proxy logs to name the remotes)")
_CODE = Feed(("git_object", "repo_hit"), "a git repository")
FEEDS = {
    "llm_egress": _TRAFFIC,
    "llm_hunt": _TRAFFIC,
    "llm_traffic_account": _TRAFFIC,
    "llm_lookup": Feed(("dns_query",), "DNS resolver logs"),
    "llm_call": Feed(("model_call",), "CloudTrail, invocation or gateway logs"),
    "llm_key": _CODE,
    "llm_code": _CODE,
    "llm_gateway_concern": _CODE,
    "llm_gateway": Feed((*_CODE.tables, *_TRAFFIC.tables), "a git repository or flow logs"),
    "llm_region": Feed((*_TRAFFIC.tables, "model_call", *_CODE.tables), "flow logs, CloudTrail or a git repository"),
    "llm_spend": Feed(("charge",), "a billing export or card statement"),
}
_ABSENT = {
    "policy": "no policy: give --policy policy.yaml",
    "policy.gateways": "policy.yaml names no gateways",
    "policy.residency": "policy.yaml says nothing of residency",
    "owners": "no owners: give --owners owners.yaml",
}
SECTIONS = frozenset(_ABSENT)


def missing(store: Store, rule: Rule, sections: Collection[str]) -> str:
    """Why the rule cannot be judged, in words; empty where it can. `sections` are those the policy gives."""
    for name in rule.requires:
        if name in SECTIONS and name not in sections:
            return _ABSENT[name]
        if name not in SECTIONS and not is_fed(store, name):
            return f"nothing collected that feeds {name}: give it {FEEDS[name].sources}"
    if rule.any_of and not any(is_fed(store, name) for name in rule.any_of):
        wanted = " or ".join(dict.fromkeys(FEEDS[name].sources for name in rule.any_of))
        return f"nothing collected that feeds {' or '.join(rule.any_of)}: give it {wanted}"
    return ""


def is_fed(store: Store, view: str) -> bool:
    """Whether the view holds rows, or something it is made from does: looked at and empty is an answer."""
    return any(_has_rows(store, table) for table in (view, *FEEDS[view].tables))


def rows_considered(store: Store, rule: Rule) -> int:
    """How many rows of its views the rule had to judge."""
    return sum(_count(store, name) for name in (*rule.requires, *rule.any_of) if name not in SECTIONS)


def _has_rows(store: Store, table: str) -> bool:
    return bool(store.query(f'select 1 from "{table}" limit 1').rows)  # noqa: S608 - names are the schema's own


def _count(store: Store, table: str) -> int:
    return int(store.query(f'select count(*) from "{table}"').rows[0][0])  # noqa: S608 - names are the schema's own
