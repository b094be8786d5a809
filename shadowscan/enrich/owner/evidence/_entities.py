"""Entities that lead on: a group to its parent, a system to its owner, a user to an address, a team id to a name."""

from shadowscan.enrich.owner.facts import Facts

MAXIMUM_STEPS = 16


def owner_of(facts: Facts, value: str) -> str:
    """The declared team, person or group behind an entity as written; the entity itself where it leads nowhere.

    A group is left only for a declared team above it; entities that lead back to one another end the walk.
    """
    entities, seen = facts.once(_load), {value}
    current = value
    while facts.owners.team_of(current) is None and current in entities and len(seen) < MAXIMUM_STEPS:
        following = entities[current]
        if following in seen or (current.startswith("group:") and not _is_declared_above(facts, entities, current)):
            break
        seen.add(following)
        current = following
    return current


def _is_declared_above(facts: Facts, entities: dict[str, str], group: str) -> bool:
    seen = {group}
    while (group := entities.get(group, "")) and group not in seen:
        if facts.owners.team_of(group) is not None:
            return True
        seen.add(group)
    return False


def _load(facts: Facts) -> dict[str, str]:
    return {claim.key: claim.value for claim in facts.claims if claim.key_kind == "entity"}
