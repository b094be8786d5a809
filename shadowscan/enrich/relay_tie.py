"""What agrees with a relay seen in the network: a gateway in code, or a bill that nothing else of its team explains.

Code agrees where the relay goes by the repository's or unit's name, or where one team has this one gateway in code and
this one relay, and both know a common vendor. A bill agrees where the relay's team pays a vendor that of all its
workloads the relay alone calls. Either makes the relay sure; what agreed joins its evidence.
"""

from shadowscan.enrich.context import EnrichContext

_PLAIN = r"""
    create or replace temp macro plain_name(name) as
      regexp_replace(
        regexp_replace(lower(name), '[_. ]', '-', 'g'),
        '(-(prod|production|live|dev|test|qa|stg|stage|staging|\d+))+$', ''
      )
"""
_CODE = """
    create or replace temp table relay_code as
    with relay as (
      select
        subject_id, evidence_ref, team, vendors, plain_name(subject_label) as name,
        count(*) over (partition by team) as relays_of_team
      from llm_gateway
      where class = 'network_relay'
    ),
    code as (
      select
        evidence_ref, team, vendors, plain_name(regexp_replace(repo, '^.*/', '')) as repo_name,
        plain_name(regexp_replace(unit, '^.*/', '')) as unit_name, count(*) over (partition by team) as units_of_team
      from llm_gateway
      where class in ('homemade_gateway', 'gateway_shaped')
    )
    select r.subject_id, r.evidence_ref, min(c.evidence_ref) as other_ref
    from relay as r
    join code as c
      on (r.name in (c.repo_name, c.unit_name)
          and (c.vendors = '' or list_has_any(string_split(c.vendors, ','), string_split(r.vendors, ','))))
      or (r.team = c.team and r.team <> 'unknown' and r.relays_of_team = 1 and c.units_of_team = 1
          and list_has_any(string_split(c.vendors, ','), string_split(r.vendors, ',')))
    group by r.subject_id, r.evidence_ref
"""
_BILLS = """
    create or replace temp table relay_bill as
    with alone as (
      select team, vendor_id, min(subject_id) as subject_id
      from llm_egress
      where action = 'accept' and team <> 'unknown' and surface in ('api', 'upload', 'unknown')
      group by team, vendor_id
      having count(distinct subject_id) = 1
    )
    select g.subject_id, g.evidence_ref, min(s.evidence_ref) as other_ref
    from llm_gateway as g
    join alone as a on a.subject_id = g.subject_id
    join llm_spend as s on s.team = a.team and s.vendor_id = a.vendor_id and s.kind = 'api'
    where g.class = 'network_relay' and g.team = a.team
    group by g.subject_id, g.evidence_ref
"""
_APPLY = """
    update llm_gateway
    set confidence = 'high',
      basis = concat('network', case when t.has_code then '_code' end, case when t.has_bill then '_bill' end)
    from (
      select subject_id, bool_or(is_code) as has_code, bool_or(not is_code) as has_bill
      from (
        select subject_id, true as is_code from relay_code
        union all
        select subject_id, false from relay_bill
      )
      group by subject_id
    ) as t
    where llm_gateway.class = 'network_relay' and llm_gateway.subject_id = t.subject_id
"""
_SAMPLES = """
    insert into evidence_sample by name
    select
      t.evidence_ref, cast(20 + s.ordinal as integer) as ordinal, s.kind, s.detail, s.source_id, s.source, s.object,
      s.line, s.record, s.digest
    from (
      select evidence_ref, other_ref from relay_code
      union
      select evidence_ref, other_ref from relay_bill
    ) as t
    join evidence_sample as s on s.evidence_ref = t.other_ref and s.ordinal = 1
"""
_SOURCES = """
    insert into evidence_source by name
    select t.evidence_ref, s.source_id
    from (
      select evidence_ref, other_ref from relay_code
      union
      select evidence_ref, other_ref from relay_bill
    ) as t
    join evidence_source as s on s.evidence_ref = t.other_ref
"""


def build(context: EnrichContext) -> None:
    """Fill `basis` and `confidence` of the relays of `llm_gateway`. Needs owners on it and on spend."""
    for statement in (_PLAIN, _CODE, _BILLS, _APPLY, _SAMPLES, _SOURCES):
        context.store.query(statement)
