"""What was not looked at: one entry each, said in every report. A quiet source is not a clean source.

Reads stored tables only, so that it also works on the sealed store.
"""

from collections.abc import Iterator

from shadowscan.enrich.context import EnrichContext
from shadowscan.model.outcome import BlindSpot

NAMED_BY_TRAFFIC = ("egress.unapproved-vendor", "egress.gateway-bypass", "egress.first-seen-vendor")
RESIDENCY = ("residency.out-of-region", "residency.region-unknown", "residency.configured-out-of-region")
SPEND = (
    "spend.growth",
    "spend.unapproved-vendor",
    "spend.unattributed-account",
    "spend.without-traffic",
    "egress.without-spend",
)
CODE = ("code.direct-vendor-sdk", "gateway.homemade", "keys.leaked-key")

ALWAYS = (
    BlindSpot("encrypted DNS", "names asked over DoH, DoT or ODoH never reach the resolver's log", NAMED_BY_TRAFFIC),
    BlindSpot("encrypted client hello", "with ECH only the outer name of a TLS connection shows", NAMED_BY_TRAFFIC),
    BlindSpot(
        "resolver caches",
        "Route 53 logs no answer given from a cache and no TTL: absence of a lookup is not evidence",
        NAMED_BY_TRAFFIC,
    ),
    BlindSpot(
        "traffic of others",
        "embedded AI of SaaS products, browser extensions, personal and unmanaged devices leave no record here",
        NAMED_BY_TRAFFIC,
    ),
)

_KINDS = """
    select
      (select count(*) from flow) as flow,
      (select count(*) from dns_query) + (select count(*) from dns_answer) as dns,
      (select count(*) from charge) as charge,
      (select count(*) from repo_hit) + (select count(*) from git_object) as repository,
      (select count(*) from asset) as asset,
      (select count(*) from model_call) as model_call
"""
_ABSENT = {
    "flow": BlindSpot("no flow logs", "no network flow log was given: traffic cannot be seen", NAMED_BY_TRAFFIC),
    "dns": BlindSpot(
        "no DNS logs",
        "no resolver log was given: only vendors with published ranges can be named from flows",
        NAMED_BY_TRAFFIC,
    ),
    "charge": BlindSpot("no billing data", "no bill, cost export or card export was given", SPEND),
    "repository": BlindSpot("no repositories", "no git repository was given: keys and code were not looked at", CODE),
    "asset": BlindSpot(
        "no inventory", "no resource inventory was given: workloads go by address, not by name", NAMED_BY_TRAFFIC
    ),
    "model_call": BlindSpot(
        "no provider records", "no CloudTrail, invocation or gateway log was given: regions rest on hosts", RESIDENCY
    ),
}
_SHARES = """
    with named as (
      select
        cast(coalesce(sum(flow_count), 0) as bigint) as flows,
        cast(coalesce(sum(bytes_out + bytes_in), 0) as bigint) as bytes
      from llm_egress
      where vendor_id <> 'unknown'
    )
    select
      count(*), cast(coalesce(sum(f.bytes), 0) as bigint), max(n.flows), max(n.bytes)
    from flow as f, named as n
"""
_CONTESTED = """
    select cast(coalesce(sum(flow_count), 0) as bigint)
    from llm_egress
    where vendor_id = 'unknown'
"""
_LOST = """
    select
      kind, cast(sum(count) as bigint) as count,
      cast(sum(lost_seconds) as bigint) as seconds,
      count(distinct source_id) as objects
    from coverage_note
    group by kind
    order by kind
"""
_SPAN = "select date_diff('second', min(started_at), max(ended_at)), count(distinct interface_id) from flow"
_HOURS = """
    with hours as (
      select distinct account_id, date_trunc('hour', started_at) as hour
      from flow
    )
    select
      account_id, count(*) as held, date_diff('hour', min(hour), max(hour)) + 1 as expected
    from hours
    group by account_id
    having count(*) < date_diff('hour', min(hour), max(hour)) + 1
    order by account_id
"""
_DNS_ONLY = """
    select account_id
    from dns_query
    group by account_id
    having account_id not in (select account_id from flow)
    order by account_id
"""
_SAID = {"skipdata": "SKIPDATA"}
_LOSS = {"skipdata": "lost by the log service", "sampled": "sampled", "truncated": "truncated"}


def coverage(context: EnrichContext) -> list[BlindSpot]:
    """Every blind spot of this store and run, in a fixed order."""
    counts = context.store.query(_KINDS).dicts()[0]
    spots = [*_without_files(context), *(spot for kind, spot in _ABSENT.items() if not counts[kind])]
    if counts["flow"]:
        spots += [*_shares(context), *_hours(context)]
    return [*spots, *_losses(context), *ALWAYS]


def _without_files(context: EnrichContext) -> Iterator[BlindSpot]:
    if not context.policy.is_given:
        why = "every vendor counts as unapproved, at medium severity"
        yield BlindSpot("no policy", f"no policy.yaml was given: {why}", NAMED_BY_TRAFFIC)
    if context.policy.residency is None:
        yield BlindSpot("no residency policy", "the policy says nothing of regions: none was judged", RESIDENCY)
    if not context.policy.gateways:
        yield BlindSpot("no gateways", "the policy names no approved gateway", ("egress.gateway-bypass",))
    if not context.owners.is_given:
        yield BlindSpot("no owners", "no owners.yaml was given: owners rest on tags, CODEOWNERS, inventory and git")


def _shares(context: EnrichContext) -> Iterator[BlindSpot]:
    flows, held, named_flows, named_bytes = context.store.query(_SHARES).rows[0]
    why = (
        f"{_percent(named_flows, flows)} of {flows} flow records ({_percent(named_bytes, held)} of the bytes) "
        "lead to a known vendor or gateway; the rest was not named an LLM vendor, which is not proof that it is none"
    )
    yield BlindSpot("unnamed traffic", why, NAMED_BY_TRAFFIC)
    contested = context.store.query(_CONTESTED).rows[0][0]
    if contested:
        why = f"{contested} flow records went to an address that two names claimed within a minute"
        yield BlindSpot("competing names", why, NAMED_BY_TRAFFIC)


def _hours(context: EnrichContext) -> Iterator[BlindSpot]:
    for account, held, expected in context.store.query(_HOURS).rows:
        why = f"account {account} has flow records in {held} of {expected} hours"
        yield BlindSpot("hours without flow logs", why, NAMED_BY_TRAFFIC)
    for (account,) in context.store.query(_DNS_ONLY).rows:
        yield BlindSpot(
            "account without flow logs", f"account {account} asks names, but has no flow log", NAMED_BY_TRAFFIC
        )


def _losses(context: EnrichContext) -> Iterator[BlindSpot]:
    span, interfaces = context.store.query(_SPAN).rows[0]
    for kind, count, seconds, objects in context.store.query(_LOST).rows:
        if kind == "nodata":
            continue
        why = f"{count} records {_LOSS.get(kind, kind)} in {objects} objects"
        if kind == "skipdata":
            why += f", {_percent(seconds, (span or 0) * max(interfaces, 1))} of the observed time"
        yield BlindSpot(f"records {_SAID.get(kind, kind)}", why, NAMED_BY_TRAFFIC)


def _percent(part: int, whole: int) -> str:
    if 0 < part < whole / 1000:
        return "less than 0.1 %"
    return f"{100 * part / whole:.1f} %" if whole else "n/a"
