"""Table `spend_hint`: payer and cost centre of a bill. The payer is not the owner, so hints rank, never decide."""

from shadowscan.enrich.context import EnrichContext
from shadowscan.owners import Owners
from shadowscan.store.rows import insert_rows

_HINTS = """
    select distinct vendor_id, account_id, 'payer' as kind, principal_id as value
    from judged_charge
    where cost_basis = 'card' and principal_id <> 'unknown'
    union
    select distinct vendor_id, account_id, 'cost_center', cost_center
    from judged_charge
    where cost_center <> 'unknown'
    union
    select distinct vendor_id, account_id, 'account_name', vendor_account_name
    from judged_charge
    where vendor_account_name not in ('unknown', account_id)
    order by 1, 2, 3, 4
"""
_PEOPLE = """
    select lower(name), email, team, cost_center
    from person
    where team <> 'unknown'
"""


def replace_hints(context: EnrichContext) -> None:
    """Make `spend_hint` anew from `judged_charge`, with the team owners.yaml or the roster gives for each."""
    people = context.store.query(_PEOPLE).rows
    by_person = {word: team for name, email, team, _ in people for word in (name, email)}
    by_center = {center.casefold(): team for _, _, team, center in people if center != "unknown"}
    rows = [
        {
            "vendor_id": vendor_id,
            "vendor_account_id": account,
            "kind": kind,
            "value": value,
            "team": _team(context.owners, kind, value, (by_person, by_center)) or "unknown",
        }
        for vendor_id, account, kind, value in context.store.query(_HINTS).rows
    ]
    context.store.query("delete from spend_hint")
    insert_rows(context.store.engine, "spend_hint", rows)


def _team(owners: Owners, kind: str, value: str, roster: tuple[dict[str, str], dict[str, str]]) -> str | None:
    """The declared team behind a payer or cost centre, then the roster's."""
    folded = value.casefold()
    for team in owners.teams:
        words = team.cost_centers if kind == "cost_center" else team.members
        if folded in {word.casefold() for word in words} or (kind == "payer" and _is_member(folded, team.members)):
            return team.name
    by_person, by_center = roster
    return owners.team_of(value) or (by_person if kind == "payer" else by_center).get(folded)


def _is_member(name: str, members: tuple[str, ...]) -> bool:
    """Whether a cardholder's name is that of a member: `Dana Alvarez` is `dana.alvarez@…`."""
    return ".".join(name.split()) in {member.split("@")[0].casefold() for member in members if "@" in member}
