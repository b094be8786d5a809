"""From the packet to the team: every step that led from a record to an owner, each with who said it and when.

Packet, address at that time, interface, what it is attached to, the statement that decided, team. A step that the store
has nothing for is left out, and where the traffic is other people's the chain ends in the teams it may be of.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shadowscan.enrich.owner.candidates import candidate_teams
from shadowscan.store.connection import Store

Row = dict[str, Any]
MAXIMUM_PARENTS = 4
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+")

_RECORD = """
    with behind as (
      select evidence_ref from llm_egress where subject_id = $subject
      union
      select evidence_ref from llm_lookup where subject_id = $subject
      union
      select evidence_ref from llm_key where repo = $subject
      union
      select evidence_ref from llm_code where repo = $subject
      union
      select evidence_ref from llm_spend where 'account:' || vendor_id || '/' || vendor_account_id = $subject
    )
    select s.kind, s.detail, s.record, s.object, s.line
    from evidence_sample as s
    semi join behind as b on b.evidence_ref = s.evidence_ref
    where s.kind not in ('policy', 'competing_name')
    order by
      $address <> '' and not list_contains(string_split(s.record || ' ' || s.detail, ' '), $address),
      s.kind not in ('flow', 'connection'),
      abs(date_diff('day', s.day, cast($at as date))) nulls last, s.ordinal, s.day, s.object, s.line
    limit 1
"""
_HELD = """
    with asked as (select cast($at as timestamp) as moment)
    select value, valid_from, valid_until, source
    from subject_link
    cross join asked
    where subject_id = $subject and kind = 'address'
      and ($address = '' or split_part(value, '/', 3) = $address)
      and (moment is null or (coalesce(valid_from, moment) <= moment and (valid_until is null or valid_until > moment)))
    order by valid_from nulls first, value
    limit 1
"""
# The snapshot nearest before that time, else the first after it.
_ASSET = """
    with asked as (select cast($at as timestamp) as moment)
    select a.asset_id, a.kind, a.name, a.parent_id, a.tags, a.observed_at, coalesce(s.object, '') as object, a.line
    from asset as a
    cross join asked
    left join source_object as s on s.source_id = a.source_id
    where {which}
    order by
      a.kind = 'eni' desc, a.observed_at > moment nulls first,
      case when a.observed_at <= moment then moment - a.observed_at end nulls last, a.observed_at, a.asset_id, a.line
    limit 1
"""
_AT_ADDRESS = """
    a.account_id = $account and a.address = $address and a.vpc_id in ($vpc, 'unknown')
      and a.kind in ('eni', 'instance', 'pod', 'nat_gateway', 'load_balancer')
"""
_SAID = """
    with said as (
      select s.object, a.line, a.observed_at, 1 as rank
      from asset as a
      join source_object as s on s.source_id = a.source_id
      where a.asset_id = $thing and contains(a.tags, $value)
      union all
      select s.object, c.line, null, 2
      from owner_claim as c
      join source_object as s on s.source_id = c.source_id
      where c.value = $value and (contains($key, c.key) or c.key_kind = 'entity')
      union all
      select file, line, null, 3
      from policy_entry
      where kind = 'owner' and $source in ('owners_yaml', 'account', 'cidr') and contains(entry_id, $key)
    )
    select object, line, observed_at
    from said
    order by rank, observed_at desc nulls last, object, line
    limit 1
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The address asked about, empty where another name was, and the moment, None where any will do."""

    address: str
    at: datetime | None


def chain(store: Store, subject: Row, address: str = "", at: datetime | None = None) -> list[Row]:
    """The steps, packet first: `step`, `says`, `source` (object:line, or the kind of source) and `at` (UTC)."""
    packet = _packet(store, subject["subject_id"], Asked(address, at))
    asked = _asked(packet, Asked(address, at))
    held = _first(store, _HELD, {"subject": subject["subject_id"], "address": asked.address, "at": asked.at})
    steps = [packet] if packet else []
    if held is None and is_address(subject["subject_id"].rpartition("/")[2]):  # nothing names it: its id is its place
        held = {"value": subject["subject_id"], "valid_from": None, "valid_until": None, "source": "logs"}
    if held:
        steps.append(_step("address", f"{held['value']} {_span(held)}", held["source"], asked.at))
        steps += _attachments(store, held["value"], subject["subject_id"], asked.at)
    return [*steps, *_decision(store, subject), _end(store, subject)]


def is_address(text: str) -> bool:
    """Whether a text is one IP address."""
    return _ADDRESS.fullmatch(text) is not None


def _packet(store: Store, subject_id: str, asked: Asked) -> Row | None:
    found = _first(store, _RECORD, {"subject": subject_id, "address": asked.address, "at": asked.at})
    if found is None:
        return None
    stamp = _STAMP.search(found["record"])
    at = datetime.fromisoformat(stamp[0]).replace(tzinfo=None) if stamp else None
    step = "packet" if found["kind"] in ("flow", "connection") else found["kind"]
    return _step(step, found["detail"], _place(found), at) | {"record": found["record"]}


def _asked(packet: Row | None, asked: Asked) -> Asked:
    """Where only a name was given, the packet's own client; its moment, where none was."""
    record = packet.pop("record") if packet else ""
    client = next((word for word in record.split(" ") if is_address(word)), "")
    return Asked(asked.address or client, asked.at or (packet["at"] if packet else None))


def _attachments(store: Store, value: str, subject_id: str, at: datetime | None) -> list[Row]:
    """The interface, pod or instance at the address, and what each is attached to in turn."""
    account, vpc, address = value.split("/", 2)
    place = {"account": account, "vpc": vpc, "address": address, "at": at}
    found = _first(store, _ASSET.format(which=_AT_ADDRESS), place)
    steps: list[Row] = []
    seen: set[str] = set()
    while found and found["asset_id"] not in seen and len(steps) < MAXIMUM_PARENTS:
        seen.add(found["asset_id"])
        steps.append(_attachment(found, subject_id))
        found = _first(store, _ASSET.format(which="a.asset_id = $id"), {"id": found["parent_id"], "at": at})
    return steps


def _attachment(asset: Row, subject_id: str) -> Row:
    named = f" ({asset['name']})" if asset["name"] else ""
    onward = asset["parent_id"] if asset["parent_id"] != "unknown" else ""
    group = subject_id.rpartition("asg:")[2] if "asg:" in subject_id and not onward else ""
    says = f"{asset['asset_id']}{named}" + (f", attached to {onward}" if onward else "")
    step = "interface" if asset["kind"] == "eni" else asset["kind"]
    return _step(step, says + (f", of group {group}" if group else ""), _place(asset), asset["observed_at"])


def _decision(store: Store, subject: Row) -> list[Row]:
    """The statement that decided, and those that say another team."""
    deciding = [said for said in subject["evidence"] if said["source"] == subject["decided_by"]][:1]
    against = [said for said in subject["evidence"] if said not in deciding and said["confidence"] >= 0.5]
    others = against if subject["owner_status"] == "conflict" else []
    return [*(_statement(store, said, said["source"]) for said in deciding),
            *(_statement(store, said, "also said") for said in others)]  # fmt: skip


def _statement(store: Store, said: Row, step: str) -> Row:
    parameters = {"thing": said["key"].split(" ")[0], **{name: said[name] for name in ("key", "value", "source")}}
    place = _first(store, _SAID, parameters) or {}
    says = f"{said['key']} = {said['value']}" if said["value"] else said["key"]
    return _step(step, says, _place(place) or said["source"], place.get("observed_at"))


def _end(store: Store, subject: Row) -> Row:
    status, sure = subject["owner_status"], subject["owner_confidence"]
    if status == "shared":
        teams = candidate_teams(store, subject)
        says = "shared, one of: " + ", ".join(teams) if teams else "shared, nothing tells by whom"
        return _step("team", says, subject["decided_by"], None)
    says = "nobody known" if subject["team"] == "unknown" else subject["team"]
    return _step("team", f"{says} ({status}, {sure:.2f})", subject["decided_by"], None)


def _step(step: str, says: str, source: str, at: datetime | None) -> Row:
    return {"step": step, "says": says, "source": source, "at": at}


def _span(held: Row) -> str:
    since = f"from {held['valid_from']:%Y-%m-%dT%H:%M:%SZ}" if held["valid_from"] else ""
    until = f"until {held['valid_until']:%Y-%m-%dT%H:%M:%SZ}" if held["valid_until"] else ""
    return " ".join(filter(None, (since, until))) or "at all times seen"


def _place(found: Row) -> str:
    place = str(found.get("object") or "")
    return f"{place}:{found['line']}" if place and found["line"] else place


def _first(store: Store, sql: str, parameters: Row) -> Row | None:
    return next(iter(store.query(sql, parameters).dicts()), None)
