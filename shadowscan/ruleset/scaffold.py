"""A new rule's file, complete and passing its own lint, to be filled with meaning."""

from pathlib import Path

from shadowscan.errors import ConfigError, UsageError
from shadowscan.ruleset.parse import RULE_ID

TEMPLATE = """\
id: {id}
version: 0.1.0
type: {type}
title: {title}
severity: {severity}
confidence: medium
status: experimental
description: >
  One paragraph: what it finds, why that matters, and what does not count.
message: >
  {{subject}} sent {{bytes_out:bytes}} to {{vendor}} in {{event_count:flow record}}
remediation: >
  What the owning team does about it, in one or two sentences.
fix:
  status: manual
  effort: hours
  steps:
    - The first step
false_positives:
  - What looks the same and is fine
blind_spots:
  - What this rule cannot see
references:
  - https://attack.mitre.org/techniques/T1567/
tags: [attack.t1567]
requires: [llm_egress]
identity: [subject_id, vendor_id]
sql: |
  select
    e.subject_id,
    e.vendor_id,
    min(e.subject_kind) as subject_kind,
    cast(sum(e.flow_count) as bigint) as event_count,
    cast(sum(e.bytes_out) as bigint) as bytes_out,
    min(e.first_seen_at) as first_seen_at,
    max(e.last_seen_at) as last_seen_at,
    min(e.evidence_ref) as evidence_ref
  from llm_egress as e
  where e.action = 'accept'
    and e.vendor_id = 'example'
  group by
    e.subject_id,
    e.vendor_id
tests:
  - name: what it finds
    kind: tp
    given:
      llm_egress:
        - {{subject_id: w1, vendor_id: example, bytes_out: 10, flow_count: 2}}
    expect:
      - {{subject_id: w1, vendor_id: example, bytes_out: 10, event_count: 2}}
  - name: another vendor
    kind: tn
    given:
      llm_egress:
        - {{subject_id: w1, vendor_id: openai}}
    expect: []
  - name: nothing at all
    kind: tn
    given: {{}}
    expect: []
  - name: the same, but the network rejected it
    kind: near_miss
    given:
      llm_egress:
        - {{subject_id: w1, vendor_id: example, action: reject}}
    expect: []
"""


def new_rule_text(rule_id: str) -> str:
    """The text of a new rule file; raises `UsageError` on an id that is not `family.what-it-finds`."""
    if not RULE_ID.match(rule_id):
        raise UsageError(f"{rule_id!r} is not a rule id", hint="write it as family.what-it-finds, in lower case")
    is_lead = rule_id.startswith("hunt.")
    title = rule_id.partition(".")[2].replace("-", " ").capitalize() + f" ({rule_id.partition('.')[0]})"
    return TEMPLATE.format(
        id=rule_id, title=title, type="lead" if is_lead else "finding", severity="info" if is_lead else "medium"
    )


def write_new_rule(rule_id: str, folder: Path) -> Path:
    """Write the template to `folder/<family>/<name>.yaml`; raises `ConfigError` where that exists already."""
    text = new_rule_text(rule_id)
    path = folder / (rule_id.replace(".", "/", 1) + ".yaml")
    if path.exists():
        raise ConfigError(f"{path} exists already", hint="choose another id or edit that file")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
