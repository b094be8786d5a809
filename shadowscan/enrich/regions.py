"""View `llm_region`: every subject and route to a vendor, judged against `policy.residency`, passes too.

No residency in the policy means no rows: not judged is not the same as fine. What is allowed is the policy's list,
widened by exceptions that name the vendor or team and still hold; a data class that lists the workload or repository
takes the list's place, and exceptions do not widen it. Use before and after an exception ends is judged apart. DNS
questions alone prove a lookup, and a refused call was not processed: only traffic, answered calls and configuration are
judged.
"""

import re
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from shadowscan.enrich.calls import make_macros
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.region_action import settling_action
from shadowscan.enrich.region_terms import terms_of
from shadowscan.enrich.region_verdict import VERDICTS, RegionVerdict, Route, is_inside, judge
from shadowscan.policy_entries import DataClass, Residency, ResidencyException

_TRAFFIC = """
    select
      subject_id, min(subject_kind) as subject_kind, min(subject_label) as subject_label,
      min(account_id) as account_id, min(vpc_id) as vpc_id, vendor_id, min(vendor_name) as vendor_name, service,
      host as route, 'traffic' as basis, min(region) as region, min(region_group) as region_group,
      min(region_evidence) as region_evidence, min(jurisdiction) as jurisdiction, min(team) as team,
      count(distinct day) as active_days, cast(sum(flow_count) as bigint) as flow_count,
      cast(sum(bytes_out) as bigint) as bytes_out,
      cast(sum(bytes_in) as bigint) as bytes_in, min(first_seen_at) as first_seen_at,
      max(last_seen_at) as last_seen_at, min(evidence_ref) as evidence_ref
    from llm_egress
    where action = 'accept'
      and surface in ('api', 'web', 'upload')
      and vendor_id not in ('unknown', 'gateway')
    group by subject_id, vendor_id, service, host, len(list_filter($dues, lambda due: due < day))
"""
# Records first by what they hold, then by caller: the caller is worked out once a principal and not once a record.
_CALLS = """
    with rolled as (
      select
        principal, account_id, vendor_id, model, profile_prefix, region, processing_region,
        cast(called_at as date) as day, sum(calls) as calls, sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens, min(called_at) as first_seen_at, max(called_at) as last_seen_at
      from model_call
      where calls > failed_calls
      group by
        principal, account_id, vendor_id, model, profile_prefix, region, processing_region, cast(called_at as date)
    ),
    told as (
      select
        *, caller_of(principal, account_id) as caller,
        profile_prefix = 'unknown' and list_contains($stays, vendor_id) as is_opaque
      from rolled
    )
    select
      t.caller as subject_id, 'principal' as subject_kind, regexp_replace(t.caller, '^.*[:/]', '') as subject_label,
      t.account_id, 'unknown' as vpc_id, t.vendor_id, t.vendor_id as vendor_name, 'unknown' as service,
      t.model || case
        when t.is_opaque then ' (unknown profile)'
        when t.profile_prefix in ('none', 'unknown') then ''
        else ' (' || t.profile_prefix || ' profile)'
      end as route,
      'call' as basis,
      case
        when t.processing_region <> 'unknown' then t.processing_region
        when t.is_opaque then 'unknown'
        when t.profile_prefix in ('none', 'unknown') then t.region
        else t.profile_prefix
      end as region,
      '' as region_group,
      case
        when t.processing_region <> 'unknown' then 'R5'
        when t.is_opaque then 'R2'
        when t.profile_prefix not in ('none', 'unknown') then 'R3'
        when t.region = 'unknown' then 'R0'
        when list_contains($stays, t.vendor_id) then 'R3'
        else 'R2'
      end as region_evidence,
      'unknown' as jurisdiction, coalesce(min(s.team), 'unknown') as team,
      cast(sum(t.calls) as bigint) as calls, cast(sum(t.input_tokens) as bigint) as input_tokens,
      cast(sum(t.output_tokens) as bigint) as output_tokens, count(distinct t.day) as active_days,
      cast(sum(t.calls) as bigint) as flow_count, cast(0 as bigint) as bytes_out, cast(0 as bigint) as bytes_in,
      min(t.first_seen_at) as first_seen_at, max(t.last_seen_at) as last_seen_at,
      call_ref(t.caller, t.vendor_id) as evidence_ref
    from told as t
    left join subject as s on s.subject_id = t.caller
    group by
      t.caller, t.account_id, t.vendor_id, t.model, t.profile_prefix, t.region, t.processing_region,
      t.is_opaque, len(list_filter($dues, lambda due: due < t.day))
"""
# A place is a region, `eu profile` (a Bedrock geography), or `swedencentral/GlobalStandard` (a region and a SKU).
_CODE = """
    with placed as (
      select
        unnest(string_split(places, ',')) as place, repo, unit, vendor_id, vendor_name, service, team, signal_count,
        first_seen_at, last_seen_at, evidence_ref
      from llm_code
      where places <> '' and in_head and via <> 'gateway'
    )
    select
      repo as subject_id, 'repo' as subject_kind, repo as subject_label, 'unknown' as account_id, 'unknown' as vpc_id,
      vendor_id, min(vendor_name) as vendor_name, min(service) as service,
      repo || ' ' || unit || ' (' || place || ')' as route, 'configuration' as basis,
      replace(split_part(place, '/', 1), ' profile', '') as region, '' as region_group, 'R3' as region_evidence,
      'unknown' as jurisdiction, min(team) as team, cast(sum(signal_count) as bigint) as flow_count,
      cast(0 as bigint) as bytes_out, cast(0 as bigint) as bytes_in, min(first_seen_at) as first_seen_at,
      max(last_seen_at) as last_seen_at, min(evidence_ref) as evidence_ref
    from placed
    group by repo, unit, vendor_id, place
"""
# How much one action settles. The words of an action are its identity.
_SIZE = """
    update llm_region
    set missing = sized.words
    from (
      select
        missing as action,
        missing || ' to settle ' || case
          when possible = 0 then unknown || case when unknown = 1 then ' unknown' else ' unknowns' end
          when unknown = 0 then possible || case when possible = 1 then ' possible route' else ' possible routes' end
          else unknown || ' unknown and ' || possible || ' possible routes'
        end || ' (' || records || case when records = 1 then ' record)' else ' records)' end as words
      from (
        select
          missing, count(*) filter (where verdict = 'unknown') as unknown,
          count(*) filter (where verdict = 'possible') as possible, cast(sum(flow_count) as bigint) as records
        from llm_region
        where missing <> ''
        group by missing
      )
    ) as sized
    where llm_region.missing = sized.action
"""
# An opaque profile of Bedrock hides the place; of another vendor `unknown` says that nothing keeps the call there.
# A call that names no profile stays in the region it enters (CONTRACT section 3); of other vendors the entry is all.
_STAYS = ("aws-bedrock", "aws-sagemaker")
_OPAQUE = " (unknown profile)"
_MOVES = ("cloud_platform", "aggregator")
_SKU = re.compile(r"/(\w+)\)$")


def build(context: EnrichContext) -> None:
    """Replace `llm_region`; empty where the policy has no residency. Needs team on `llm_egress` and `llm_code`."""
    context.store.query("delete from llm_region")
    make_macros(context)
    residency = context.policy.residency
    if residency is None:
        return
    dues = {"dues": sorted({entry.expires for entry in residency.exceptions if entry.expires})}
    for question, parameters in ((_TRAFFIC, dues), (_CALLS, {**dues, "stays": _STAYS}), (_CODE, None)):
        found = context.store.query(question, parameters).dicts()
        rows = [_judged(context, residency, row) for row in found]
        if rows:
            columns = ", ".join(rows[0])
            marks = ", ".join("unnest(?)" for _ in rows[0])
            values: list[object] = [[row[name] for row in rows] for name in rows[0]]
            context.store.query(f"insert into llm_region ({columns}) select {marks}", values)
    context.store.query(_SIZE)


def limits_for(residency: Residency, row: dict[str, Any], at: datetime) -> list[frozenset[str]]:
    """What is allowed to one subject and vendor at a time, each a set of region groups and ids that all must hold.

    A data class stands in the list's place; a subject in several has to meet each of them.
    """
    classes = [frozenset(residency.data_classes[name].allowed) for name in classes_of(residency, row)]
    widened = [e.allowed for e in residency.exceptions if _covers(e, row, at)]
    return classes or [frozenset(residency.allowed).union(*widened)]


def classes_of(residency: Residency, row: dict[str, Any]) -> list[str]:
    """Names of the data classes that list the workload or repository, sorted."""
    return sorted(name for name, entry in residency.data_classes.items() if _holds_data(entry, row))


def _holds_data(entry: DataClass, row: dict[str, Any]) -> bool:
    patterns = entry.repos if row["subject_kind"] == "repo" else entry.workloads
    return any(fnmatchcase(row["subject_id"], pattern) for pattern in patterns)


def _covers(entry: ResidencyException, row: dict[str, Any], at: datetime) -> bool:
    return (
        (entry.vendor is None or entry.vendor == row["vendor_id"])
        and (not entry.teams or row["team"] in entry.teams)
        and (entry.expires is None or at.date() <= entry.expires)
    )


def _judged(context: EnrichContext, residency: Residency, row: dict[str, Any]) -> dict[str, Any]:
    vendor = context.catalog.vendors.get(row["vendor_id"])
    jurisdiction = vendor.jurisdiction if vendor else row["jurisdiction"]
    group = row["region_group"] or context.catalog.group_of(row["region"])
    named = vendor.name if vendor else row["vendor_name"]
    placed = {**row, "vendor_name": named, "region_group": group, "jurisdiction": jurisdiction}
    limits = limits_for(residency, row, row["last_seen_at"] or context.as_of)
    found = min((_verdict(context, placed, allowed) for allowed in limits), key=lambda one: VERDICTS.index(one.verdict))
    is_intent = row["basis"] == "configuration" and found.verdict == "pass"
    why = f"{found.why}; code is intent, not use" if is_intent else found.why
    return {
        **placed,
        **terms_of(context, residency, placed),
        "data_class": ", ".join(classes_of(residency, row)) or "none",
        "verdict": found.verdict,
        "can_move": found.can_move,
        "severity": found.severity,
        "why": why,
        "missing": settling_action(context.catalog, placed) if found.is_open else "",
    }


def _verdict(context: EnrichContext, row: dict[str, Any], allowed: frozenset[str]) -> RegionVerdict:
    route = Route(
        row["region"],
        row["region_evidence"],
        row["jurisdiction"],
        is_movable=is_movable(context, row),
        is_pinned=is_pinned(context, row, allowed),
        tier=context.catalog.tier_of(row["jurisdiction"]),
        destinations=destinations(context, row),
        is_opaque=row["basis"] == "call" and row["region_evidence"] == "R2" and row["route"].endswith(_OPAQUE),
    )
    return judge(route, allowed, context.catalog.region_groups, row["region_group"])


def destinations(context: EnrichContext, row: dict[str, Any]) -> frozenset[str] | None:
    """Regions that the profile of a call or configuration, or a global deployment, may lead to; empty where that is
    anywhere, None where processing stays or nothing is said of it.
    """
    if row["basis"] == "configuration":
        if row["route"].endswith(" profile)"):
            return context.catalog.routes.destinations(row["region"])
        return frozenset() if _processing(context, row) == "any_region" else None
    if row["basis"] != "call" or row["region_evidence"] != "R3" or not row["route"].endswith(" profile)"):
        return None
    return context.catalog.routes.destinations(row["region"])


def _processing(context: EnrichContext, row: dict[str, Any]) -> str | None:
    """Where a configured deployment is processed, by its SKU."""
    sku = _SKU.search(row["route"])
    return context.catalog.routes.processing_of(sku[1]) if sku else None


def is_movable(context: EnrichContext, row: dict[str, Any]) -> bool:
    """Whether processing may leave the entry region: cloud platforms move by profile or SKU, aggregators by choice of
    vendor, and strength X says so. A call names no host, so any X rule of its vendor speaks for it.
    """
    vendor = context.catalog.vendors.get(row["vendor_id"])
    if vendor is None:
        return False
    if vendor.category in _MOVES:
        return True
    if row["basis"] == "call":
        return any(rule.strength == "X" for rule in vendor.region_rules)
    first = next((r for r in vendor.region_rules if r.pattern and re.search(r.pattern, row["route"])), None)
    return first is not None and first.strength == "X"


def is_pinned(context: EnrichContext, row: dict[str, Any], allowed: frozenset[str]) -> bool:
    """Whether the configuration pins processing to what is allowed: a plain model id of a provider record stays in its
    region, a regional deployment in its geography; a data zone pins where all of it is allowed.
    """
    if row["basis"] == "call":
        return row["vendor_id"] in _STAYS and not row["route"].endswith(" profile)")
    processing = _processing(context, row) if row["basis"] == "configuration" else None
    if processing == "data_zone":
        groups, group = context.catalog.region_groups, row["region_group"]
        return all(is_inside(region, group, allowed, groups) for region in groups.get(group, frozenset()))
    return processing == "resource_geography"
