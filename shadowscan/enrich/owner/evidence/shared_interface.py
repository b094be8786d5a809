"""Rank 8: functions of one subnet and set of security groups share an interface: the others' teams are said too.

An interface of Lambda names the function it was made for, which need not be the one that called. Where the others
belong to another team the answer is a conflict and not a guess.
"""

from collections import defaultdict
from collections.abc import Iterator

from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

MAXIMUM_OTHERS = 20
_FUNCTIONS = """
    select distinct f.asset_id, f.subnet_id || ' ' || f.placement as place
    from asset as f
    semi join asset as e
      on e.kind = 'eni' and e.subnet_id = f.subnet_id and e.placement = f.placement
     and contains(e.parent_id, ':function:')
    where f.kind = 'function' and f.placement <> '' and f.subnet_id <> 'unknown'
    order by all
"""


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Tags of the functions that share an interface with this one."""
    if ":function:" not in subject.subject_id:
        return
    for other in sorted(facts.once(_sharers).get(subject.subject_id, ()))[:MAXIMUM_OTHERS]:
        asset = facts.assets.get(other)
        for key, value in team_tags(asset.tags, facts.owners) if asset is not None else ():
            said = f"{other} shares the interface, {key}"
            yield Candidate(8, "shared_interface", said, value, facts.confidence.attached_resource)


def _sharers(facts: Facts) -> dict[str, set[str]]:
    """Function → the functions that share an interface with it."""
    by_place: dict[str, set[str]] = defaultdict(set)
    for function, place in facts.context.store.query(_FUNCTIONS).rows:
        by_place[place].add(function)
    found: dict[str, set[str]] = defaultdict(set)
    for functions in by_place.values():
        for function in functions:
            found[function] |= functions - {function}
    return found
