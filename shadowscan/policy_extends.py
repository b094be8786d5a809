"""What `extends` means: the base is read first, the file that extends it adds and narrows, and never widens.

Adds: vendors, gateways, exceptions, suppressions the base does not speak of. Narrows: where both speak of a vendor,
both must allow the use (services, teams, accounts, the earlier review); the stricter word wins, denied before in
review before approved; places allowed for data are those that both allow.
"""

from shadowscan.documents import Problem, refuse
from shadowscan.policy_entries import Approval, DataClass, Gateway, Residency, Vendors


def narrow_vendors(base: Vendors, own: Vendors) -> Vendors:
    """Approvals that both files stand behind, and every review and denial of either."""
    listed = {entry.id for entry in base.in_review if not entry.services}
    named_by_base = {entry.id for entry in base.approved}
    named_by_own = {entry.id for entry in own.approved}
    under_review = {entry.id for entry in own.in_review if not entry.services}
    kept = [entry for entry in base.approved if entry.id not in named_by_own | under_review]
    added = [entry for entry in own.approved if entry.id not in named_by_base | listed]
    both = [
        narrowed
        for theirs in base.approved
        for ours in own.approved
        if theirs.id == ours.id and (narrowed := _narrow_approval(theirs, ours)) is not None
    ]
    return Vendors(
        approved=tuple(kept + both + added),
        in_review=(*base.in_review, *own.in_review),
        denied=(*base.denied, *own.denied),
    )


def narrow_residency(base: Residency | None, own: Residency | None) -> Residency | None:
    """Places that both files allow; data classes of either, narrowed where both name one."""
    if base is None or own is None:
        return own if base is None else base
    classes = dict(base.data_classes)
    for name, ours in own.data_classes.items():
        theirs = classes.get(name)
        classes[name] = ours if theirs is None else _narrow_class(theirs, ours)
    allowed = _overlap(base.allowed, own.allowed)
    jurisdictions = _overlap(base.jurisdictions, own.jurisdictions)
    return Residency(
        allowed=base.allowed if allowed is None else allowed,
        jurisdictions=base.jurisdictions if jurisdictions is None else jurisdictions,
        data_classes=classes,
        exceptions=(*base.exceptions, *own.exceptions),
    )


def join_gateways(base: tuple[Gateway, ...], own: tuple[Gateway, ...]) -> tuple[Gateway, ...]:
    """Gateways of both; one name in both is refused, since neither reading would be safe."""
    names = {gateway.name: gateway for gateway in base}
    refuse(
        Problem(gateway._place, f"gateway {gateway.name!r} is already defined at {names[gateway.name]._place}")
        for gateway in own
        if gateway.name in names
    )
    return (*base, *own)


def _narrow_approval(theirs: Approval, ours: Approval) -> Approval | None:
    services = _overlap(theirs.services, ours.services)
    teams = _overlap(theirs.teams, ours.teams)
    accounts = _overlap(theirs.accounts, ours.accounts)
    if services is None or teams is None or accounts is None:
        return None
    dues = [entry.review_due for entry in (theirs, ours) if entry.review_due is not None]
    update = {"services": services, "teams": teams, "accounts": accounts, "review_due": min(dues, default=None)}
    return ours.model_copy(update={**update, "dpa": ours.dpa or theirs.dpa})


def _narrow_class(theirs: DataClass, ours: DataClass) -> DataClass:
    update = {
        "allowed": tuple(place for place in ours.allowed if place in theirs.allowed),
        "workloads": tuple(dict.fromkeys((*theirs.workloads, *ours.workloads))),
        "repos": tuple(dict.fromkeys((*theirs.repos, *ours.repos))),
    }
    return ours.model_copy(update=update)


def _overlap(theirs: tuple[str, ...], ours: tuple[str, ...]) -> tuple[str, ...] | None:
    """What both allow, where empty means everything; None where that leaves nothing."""
    if not theirs or not ours:
        return theirs or ours
    return tuple(word for word in ours if word in theirs) or None
