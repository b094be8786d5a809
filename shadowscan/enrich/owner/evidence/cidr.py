"""Rank 9: the longest range of owners.yaml that holds the address, in its network or account."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import CidrOwner


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """One statement an address; a range scoped to another VPC or account is not looked at."""
    if subject.kind in ("repo", "account") or not facts.owners.cidrs:
        return
    known = tuple(place for place in subject.addresses if "/unknown/" not in place)
    places = known or subject.addresses or (subject.subject_id,)
    for place in sorted(set(places))[:16]:
        parts = place.split("/")
        if len(parts) == 3:
            yield from _longest(facts, parts[0], parts[1], parts[2])


def _longest(facts: Facts, account_id: str, vpc_id: str, address: str) -> Iterator[Candidate]:
    try:
        number = ip_address(address)
    except ValueError:
        return
    fitting = [
        (ip_network(entry.cidr).prefixlen, entry)
        for entry in facts.owners.cidrs
        if facts.is_live(entry) and _is_in_scope(entry, account_id, vpc_id) and number in ip_network(entry.cidr)
    ]
    longest = max((size for size, _ in fitting), default=0)
    for size, entry in fitting:
        if size == longest:
            yield Candidate(9, "cidr", entry.cidr, entry.team, facts.confidence.cidr, is_shared=entry.shared)


def _is_in_scope(entry: CidrOwner, account_id: str, vpc_id: str) -> bool:
    return entry.vpc in ("unknown", vpc_id) and entry.account in ("unknown", account_id)
