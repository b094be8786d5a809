"""View `llm_hunt`: remotes that no vendor claims and that look like a model endpoint. Leads, never findings.

Three independent groups of signals: `ai_name`, a name with a label that speaks of models, or on `.ai` and first seen a
week or more after the history begins (`.ai` is full of firms that sell no model); `model_port`, a model server's port
in another subnet; `streaming_shape`, half or more of the conversations with the shape of a streamed answer. A remote
becomes a row when two of them agree. Names of the catalogue and approved gateways are left out.
"""

from datetime import timedelta

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext

MINIMUM_GROUPS = 2
QUIET = timedelta(days=7)
# The whole top-level domain says little; a label does, and so does a part of one between hyphens.
LABELS = r"(^|[.-])(llm|llms|gpt|chatgpt|copilot|infer|inference|llama|mistral|router)([.-]|$)|(^|[.-])ai[.-]"

_REMOTES = """
    create or replace temp table hunted_remote as
    with history as (
      select min(first_at) as start_at
      from workload_day
    ),
    met as (
      select remote, min(first_seen_at) as first_seen_at
      from hunt_day
      group by remote
    )
    select
      d.subject_id, min(d.account_id) as account_id, min(d.vpc_id) as vpc_id, d.remote,
      max(
        regexp_matches(d.name, $labels)
          or (d.name <> '' and m.first_seen_at >= (select start_at from history) + $quiet)
      ) as ai_name,
      max(d.is_model_port) as model_port,
      sum(d.streaming_count) > 0 and sum(d.streaming_count) * 2 >= sum(d.conversation_count) as streaming_shape,
      cast(sum(d.flow_count) as bigint) as flow_count, cast(sum(d.bytes_out) as bigint) as bytes_out,
      cast(sum(d.bytes_in) as bigint) as bytes_in, min(d.first_seen_at) as first_seen_at,
      max(d.last_seen_at) as last_seen_at, min(d.source_id) as source_id,
      min_by(d.line, (d.source_id, d.line)) as line
    from hunt_day as d
    join met as m on m.remote = d.remote
    group by d.subject_id, d.remote
"""
_INSERT = """
    insert into llm_hunt by name
    with grouped as (
      select *, ai_name::integer + model_port::integer + streaming_shape::integer as signal_groups
      from hunted_remote
    )
    select
      h.subject_id, coalesce(s.kind, 'workload') as subject_kind,
      coalesce(nullif(s.label, ''), h.subject_id) as subject_label, h.account_id, h.vpc_id, h.remote, h.signal_groups,
      concat_ws(
        ',',
        case when h.ai_name then 'ai_name' end,
        case when h.model_port then 'model_port' end,
        case when h.streaming_shape then 'streaming_shape' end
      ) as signals,
      h.bytes_out, h.bytes_in, h.flow_count, h.first_seen_at, h.last_seen_at,
      'hunt/' || substr(md5(h.subject_id || '|' || h.remote), 1, 16) as evidence_ref
    from grouped as h
    left join subject_name as s on s.subject_id = h.subject_id
    where h.signal_groups >= $groups
"""
_SAMPLES = """
    insert into evidence_sample by name
    select
      v.evidence_ref, 1 as ordinal, 'flow' as kind,
      'talks to ' || v.remote || ': ' || v.signals as detail, h.source_id,
      coalesce(o.format, 'flow') as source, coalesce(o.object, '') as object, h.line,
      strftime(v.first_seen_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || v.remote as record, coalesce(o.digest, '') as digest
    from llm_hunt as v
    join hunted_remote as h on h.subject_id = v.subject_id and h.remote = v.remote
    left join source_object as o on o.source_id = h.source_id
"""
_SOURCES = """
    insert into evidence_source by name
    select distinct v.evidence_ref, d.source_id
    from llm_hunt as v
    join hunt_day as d on d.subject_id = v.subject_id and d.remote = v.remote
"""


def build(context: EnrichContext) -> None:
    """Replace `llm_hunt` and its evidence, from `hunt_day`."""
    query = context.store.query
    query("delete from llm_hunt")
    evidence.drop_all(context, "hunt/")
    query(_REMOTES, {"labels": LABELS, "quiet": QUIET})
    query(_INSERT, {"groups": MINIMUM_GROUPS})
    query(_SAMPLES)
    query(_SOURCES)
