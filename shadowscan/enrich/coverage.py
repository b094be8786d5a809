"""What was not looked at: one entry each, said in every report. A quiet source is not a clean source.

Reads stored tables only, so that it also works on the sealed store.
"""

from collections.abc import Iterator

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.unread import unread
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
_TOTAL = """
    select cast(coalesce(sum(record_count), 0) as bigint), cast(coalesce(sum(bytes), 0) as bigint)
    from log_hour
    where seen_in = 'flow'
"""
_NAMED = """
    select
      named_by, cast(sum(flow_count) as bigint) as flows, cast(sum(bytes_out + bytes_in) as bigint) as bytes
    from llm_egress
    where vendor_id <> 'unknown'
    group by named_by
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
    where source_id not in (select source_id from source_object where format = 'git')
    group by kind
    order by kind
"""
_SPAN = """
    select date_diff('second', min(first_at), max(last_at)), count(distinct interface_id)
    from workload_day
    where seen_in = 'flow'
"""
_HOURS = """
    select
      account_id, count(*) as held, date_diff('hour', min(hour), max(hour)) + 1 as expected
    from log_hour
    where seen_in = $seen_in
    group by account_id
    having count(*) < date_diff('hour', min(hour), max(hour)) + 1
    order by account_id
"""
_WITHOUT = """
    select account_id
    from log_hour
    where seen_in = $seen_in and account_id <> 'unknown'
      and account_id not in (select account_id from log_hour where seen_in = $other)
    group by account_id
    order by account_id
"""
_UNASKED = """
    with asked as (
      select account_id, min(hour) as first_hour, max(hour) as last_hour
      from log_hour
      where seen_in = 'dns_query'
      group by account_id
    )
    select
      f.account_id, count(*) filter (where d.hour is null) as silent, count(*) as held,
      cast(sum(f.record_count) filter (where d.hour is null) as bigint) as records
    from log_hour as f
    join asked as a on a.account_id = f.account_id
    left join log_hour as d on d.account_id = f.account_id and d.hour = f.hour and d.seen_in = 'dns_query'
    where f.seen_in = 'flow'
    group by f.account_id
    having count(*) filter (where d.hour is null) > 0
    order by f.account_id
"""
_HIDDEN = """
    select
      cast(coalesce(sum(doh_count), 0) as bigint) as doh, cast(coalesce(sum(dot_count), 0) as bigint) as dot,
      cast(coalesce(sum(quic_count), 0) as bigint) as quic, cast(coalesce(sum(ech_count), 0) as bigint) as ech,
      cast(coalesce(sum(record_count), 0) as bigint) as records
    from log_hour
    where seen_in <> 'dns_query'
"""
NAMED_BY = {
    "sni": "by the name in the connection itself",
    "dns_same_client": "by the client's own DNS answer",
    "dns_resolver": "by a resolver's answer",
    "dns_same_network": "by a neighbour's answer",
    "published_range": "by a range or the log's own word",
}
_SAID = {
    "skipdata": "SKIPDATA",
    "duplicate": "told twice",
    "no_metadata": "without metadata",
    "no_host": "without a host",
    "no_year": "without a year",
    "no_time": "without a time",
}
_LOSS = {
    "skipdata": "lost by the log service",
    "sampled": "sampled",
    "truncated": "truncated",
    "duplicate": "that another record tells too were counted once,",
    "no_metadata": "name neither network nor machine,",
    "no_year": "have no year in their time, which was told by that of the file,",
    "no_time": "have no time, for which that of the file was taken,",
    "no_host": "tell of no request to another host,",
}


def coverage(context: EnrichContext) -> list[BlindSpot]:
    """Every blind spot of this store and run, in a fixed order."""
    counts = context.store.query(_KINDS).dicts()[0]
    spots = [*_without_files(context), *(spot for kind, spot in _ABSENT.items() if not counts[kind])]
    if counts["flow"]:
        spots += _shares(context)
    return [*spots, *_hours(context), *_losses(context), *unread(context), *_hidden(context), *ALWAYS]


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
    flows, held = context.store.query(_TOTAL).rows[0]
    named = {word: (count, size) for word, count, size in context.store.query(_NAMED).rows}
    told = [f"{_percent(named[word][0], flows)} {said}" for word, said in NAMED_BY.items() if word in named]
    named_flows, named_bytes = (sum(pair[place] for pair in named.values()) for place in (0, 1))
    by = f": {', '.join(told)}" if told else ""
    why = (
        f"{_percent(named_flows, flows)} of {flows} flow records ({_percent(named_bytes, held)} of the bytes) "
        f"lead to a known vendor or gateway{by}; "
        f"the other {_percent(max(0, flows - named_flows), flows)} was not named an LLM vendor, which is not proof "
        "that it is none"
    )
    yield BlindSpot("unnamed traffic", why, NAMED_BY_TRAFFIC)
    contested = context.store.query(_CONTESTED).rows[0][0]
    if contested:
        why = f"{contested} flow records went to an address that two names claimed within a minute"
        yield BlindSpot("competing names", why, NAMED_BY_TRAFFIC)


def _hours(context: EnrichContext) -> Iterator[BlindSpot]:
    query = context.store.query
    for account, held, expected in query(_HOURS, {"seen_in": "flow"}).rows:
        why = f"account {account} has flow records in {held} of {expected} hours"
        yield BlindSpot("hours without flow logs", why, NAMED_BY_TRAFFIC)
    for account, silent, held, records in query(_UNASKED).rows:
        why = (
            f"account {account} has no DNS record in {silent} of its {held} hours with traffic ({records} flow records)"
        )
        yield BlindSpot("hours without DNS logs", why, NAMED_BY_TRAFFIC)
    for (account,) in query(_WITHOUT, {"seen_in": "dns_query", "other": "flow"}).rows:
        why = f"account {account} asks names, but has no flow log"
        yield BlindSpot("account without flow logs", why, NAMED_BY_TRAFFIC)
    for (account,) in query(_WITHOUT, {"seen_in": "flow", "other": "dns_query"}).rows:
        why = f"account {account} has flow records, but no DNS log"
        yield BlindSpot("account without DNS logs", why, NAMED_BY_TRAFFIC)


def _hidden(context: EnrichContext) -> Iterator[BlindSpot]:
    """Traffic that was seen hiding its names: what the standing blind spots amount to here."""
    doh, dot, quic, ech, records = context.store.query(_HIDDEN).rows[0]
    if doh or dot:
        seen = f"{doh} records to public resolvers over HTTPS and {dot} on port 853, of {records}"
        why = f"{seen}: names asked there reach no log"
        yield BlindSpot("encrypted DNS seen", why, NAMED_BY_TRAFFIC)
    if quic:
        why = f"{quic} of {records} records are UDP 443: most sensors read no server name there"
        yield BlindSpot("QUIC seen", why, NAMED_BY_TRAFFIC)
    if ech:
        why = f"{ech} connections show the outer name of an Encrypted Client Hello only"
        yield BlindSpot("encrypted client hello seen", why, NAMED_BY_TRAFFIC)


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
