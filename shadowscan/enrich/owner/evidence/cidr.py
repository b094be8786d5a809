"""Rank 9: the longest range that holds the address, in its network or account.

Ranges of owners.yaml, of address plans (NetBox, Infoblox, a CSV of one's own) and of subnets and networks whose tags
name a team. Private ranges overlap, so a range of another network is not looked at; two teams for one are both said.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from shadowscan.enrich.assets import read_tags
from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

MAXIMUM_ADDRESSES = 16
_SUBNETS = """
    select distinct asset_id, kind, account_id, vpc_id, subnet_id, cidr, tags
    from asset
    where kind in ('subnet', 'vpc') and tags <> '{}'
    order by all
"""


@dataclass(frozen=True, slots=True)
class Range:
    """One range, who has it, and the account and network it lies in (`unknown` where it is said of any)."""

    account_id: str
    vpc_id: str
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges by version and length, then by network number; tags of subnets by the ids they go by."""

    by_length: dict[int, dict[int, dict[int, list[Range]]]]
    by_subnet: dict[str, list[Candidate]]


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """One statement an address; of short-lived addresses folded into their subnet, that subnet's tags."""
    if subject.kind in ("repo", "account"):
        return
    ranges = facts.once(_load)
    yield from ranges.by_subnet.get(subject.subject_id, [])
    known = tuple(place for place in subject.addresses if "/unknown/" not in place)
    places = known or subject.addresses or (subject.subject_id,)
    for place in sorted(set(places))[:MAXIMUM_ADDRESSES]:
        parts = place.split("/")
        if len(parts) == 3:
            yield from _longest(ranges, parts[0], parts[1], parts[2])


def _longest(ranges: Ranges, account_id: str, vpc_id: str, address: str) -> Iterator[Candidate]:
    try:
        number = ip_address(address)
    except ValueError:
        return
    lengths = ranges.by_length.get(number.version, {})
    for length in sorted(lengths, reverse=True):
        network = int(number) >> (number.max_prefixlen - length)
        found = [held for held in lengths[length].get(network, []) if _is_in_scope(held, account_id, vpc_id)]
        if found:
            yield from (held.candidate for held in found)
            return


def _is_in_scope(held: Range, account_id: str, vpc_id: str) -> bool:
    return held.vpc_id in ("unknown", vpc_id) and held.account_id in ("unknown", account_id)


def _load(facts: Facts) -> Ranges:
    ranges = Ranges({}, defaultdict(list))
    sure = facts.confidence.cidr
    for entry in facts.owners.cidrs:
        if facts.is_live(entry):
            said = Candidate(9, "cidr", entry.cidr, entry.team, sure, is_shared=entry.shared)
            _add(ranges, entry.cidr, Range(entry.account, entry.vpc, said))
    for claim in facts.claims:
        if claim.key_kind == "cidr":
            account, _, vpc = claim.scope.partition("/")
            said = Candidate(9, "address_plan", claim.key, claim.value, min(claim.confidence, sure))
            _add(ranges, claim.key, Range(account or "unknown", vpc or "unknown", said))
    _add_subnets(facts, ranges)
    return ranges


def _add_subnets(facts: Facts, ranges: Ranges) -> None:
    """Tags of subnets and networks, for the addresses in them and for what was folded into a subnet."""
    for asset_id, kind, account_id, vpc_id, subnet_id, cidr, tags in facts.context.store.query(_SUBNETS).rows:
        for key, value in team_tags(read_tags(tags), facts.owners):
            said = Candidate(9, "subnet", f"{asset_id} {key}", value, facts.confidence.cidr)
            if cidr:
                _add(ranges, cidr, Range(_owning_account(account_id, vpc_id), vpc_id, said))
            if kind == "subnet":
                for name in dict.fromkeys((asset_id, f"{account_id}/{vpc_id}/{subnet_id}")):
                    ranges.by_subnet[name].append(said)


def _owning_account(account_id: str, vpc_id: str) -> str:
    """The account that scopes a network's ranges: none where the network's own id does, so that a shared one counts."""
    names_itself = vpc_id.startswith("vpc-") or vpc_id.startswith(f"{account_id}:")
    return "unknown" if names_itself else account_id


def _add(ranges: Ranges, cidr: str, held: Range) -> None:
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        return
    number = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
    lengths = ranges.by_length.setdefault(network.version, {})
    lengths.setdefault(network.prefixlen, {}).setdefault(number, []).append(held)
