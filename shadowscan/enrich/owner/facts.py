"""Everything that ownership evidence looks at, read once and kept by the key it is asked by."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from shadowscan.config import Confidence
from shadowscan.enrich.assets import Asset, groups_of, load_assets, read_tags
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.interface import SubjectRef
from shadowscan.enrich.owner.resolve import Names, Person
from shadowscan.owners import Statement

_SUBJECTS = """
    select s.subject_id, s.kind, s.label, s.account_id, s.vpc_id
    from subject as s
    where len(cast($ids as varchar[])) = 0 or list_contains(cast($ids as varchar[]), s.subject_id)
    order by s.subject_id
"""
_LINKS = """
    select subject_id, kind, value
    from subject_link
    where kind in ('address', 'eni', 'instance', 'function')
    order by subject_id, kind, value
"""
_CLAIMS = """
    select evidence, key_kind, key, scope, ordinal, value, is_person, confidence
    from owner_claim
    order by source_id, ordinal, line, value
"""
_PEOPLE = """
    select email, name, team, department, cost_center, manager, is_active
    from person
    order by is_active, email, source_id, line
"""
_CHARGES = """
    select distinct vendor_account_id, vendor_account_name, billing_account_id, principal_id, cost_center, tags
    from charge
    order by all
"""
_PATHS = """
    select repo, path, max(in_head) as in_head, count(*) as hits
    from repo_hit
    where path <> ''
    group by repo, path
    order by repo, in_head desc, path
"""
_AUTHORS = """
    with dated as (
      select repo, author, commit_id, committed_at, max(committed_at) over (partition by repo) as newest
      from repo_hit
      where author <> '' and committed_at is not null
    )
    select
      repo, author,
      count(distinct commit_id) filter (where committed_at >= newest - interval 90 day) as recent,
      max(committed_at) as last_at
    from dated
    group by repo, author
    order by repo, recent desc, last_at desc, author
"""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of `owner_claim` as evidence needs it."""

    evidence: str
    key_kind: str
    key: str
    scope: str
    ordinal: int
    value: str
    is_person: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class ChargeRef:
    """What the bills say of one vendor account, apart from the money."""

    vendor_account_id: str
    vendor_account_name: str
    billing_account_id: str
    principal_id: str
    cost_center: str
    tags: dict[str, str]


class Facts:
    """The store and the files, read lazily and once. Every list is sorted, so the same input decides the same."""

    def __init__(self, context: EnrichContext) -> None:
        self.context = context
        self.owners = context.owners
        self._known: dict[Callable[[Facts], Any], Any] = {}

    def once(self, load: Callable[["Facts"], T]) -> T:
        """What `load` gives, loaded at the first call: how a kind of evidence keeps what it alone reads."""
        if load not in self._known:
            self._known[load] = load(self)
        found: T = self._known[load]
        return found

    @property
    def confidence(self) -> Confidence:
        """The company's numbers."""
        return self.context.config.ownership.confidence

    def is_live(self, entry: Statement) -> bool:
        """Whether an entry of owners.yaml has not expired by the audit's end."""
        return entry.expires is None or entry.expires >= self.context.as_of.date()

    def subjects(self, ids: Iterable[str] = ()) -> list[SubjectRef]:
        """The subjects of these ids with their other names; all of them where none is given."""
        rows = self._rows(_SUBJECTS, {"ids": sorted(ids)})
        return [self._subject(*row) for row in rows]

    def _subject(self, subject_id: str, kind: str, label: str, account_id: str, vpc_id: str) -> SubjectRef:
        addresses, resources = self._names_of(subject_id)
        return SubjectRef(subject_id, kind, label, account_id, vpc_id, addresses, resources)

    def _names_of(self, subject_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        links = self.links.get(subject_id, [])
        addresses = tuple(value for kind, value in links if kind == "address")
        return addresses, tuple(value for kind, value in links if kind != "address")

    @cached_property
    def names(self) -> Names:
        """What written values mean."""
        return Names(self.owners, self._people, self.confidence)

    @cached_property
    def links(self) -> dict[str, list[tuple[str, str]]]:
        """Subject → (kind, value) of the names it goes by."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject_id, kind, value in self._rows(_LINKS):
            found[subject_id].append((kind, value))
        return found

    @cached_property
    def assets(self) -> dict[str, Asset]:
        """Resource id → resource as the newest snapshot has it; tags of every list that names it together."""
        found: dict[str, Asset] = {}
        for asset in load_assets(self.context):
            known = found.get(asset.asset_id)
            if known is not None and known.tags and not asset.tags:
                continue
            found[asset.asset_id] = asset
        return found

    @cached_property
    def group_members(self) -> dict[str, list[Asset]]:
        """Subject of an autoscaling group → instances that its tag names."""
        return groups_of(self.assets.values())

    @cached_property
    def account_tags(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Account → its name and tags, from the organisation's list."""
        rows = self._rows(
            "select asset_id, name, tags from asset where kind = 'account' order by observed_at nulls first"
        )
        return {account_id: (name, read_tags(tags)) for account_id, name, tags in rows}

    @cached_property
    def claims(self) -> list[Claim]:
        """Every statement of ownership files, in file order."""
        return [Claim(*row) for row in self._rows(_CLAIMS)]

    @cached_property
    def repo_claims(self) -> dict[tuple[str, str], list[Claim]]:
        """(kind of evidence, repository) → its statements about paths."""
        found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if claim.key_kind == "repo_path":
                found[claim.evidence, claim.scope.casefold()].append(claim)
        return found

    @cached_property
    def charges(self) -> dict[str, list[ChargeRef]]:
        """Vendor account, billing account or payer → what the bills say of it."""
        found: dict[str, list[ChargeRef]] = defaultdict(list)
        for row in self._rows(_CHARGES):
            account, name, payer_account, principal, center, tags = row
            charge = ChargeRef(account, name, payer_account, principal, center, read_tags(tags))
            for key in dict.fromkeys((charge.vendor_account_id, charge.billing_account_id, charge.principal_id)):
                found[key].append(charge)
        return found

    @cached_property
    def paths(self) -> dict[str, list[str]]:
        """Repository → paths with a signal; those still in HEAD only, where there are any."""
        rows: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for repo, path, in_head, _ in self._rows(_PATHS):
            rows[repo].append((path, in_head))
        return {repo: [p for p, live in listed if live] or [p for p, _ in listed] for repo, listed in rows.items()}

    @cached_property
    def authors(self) -> dict[str, list[tuple[str, int]]]:
        """Repository → (author, commits in its last 90 days), busiest first."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for repo, author, recent, _ in self._rows(_AUTHORS):
            found[repo].append((author, recent))
        return found

    @cached_property
    def _people(self) -> dict[str, Person]:
        """People by e-mail address, and by name where one person alone has it."""
        people: dict[str, Person] = {}
        named: dict[str, list[str]] = defaultdict(list)
        for email, name, *rest in self._rows(_PEOPLE):
            people[email.casefold()] = Person(*rest)
            named[name.casefold()].append(email.casefold())
        unique = {name: people[emails[0]] for name, emails in named.items() if name and len(set(emails)) == 1}
        return {**unique, **people}

    def _rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.context.store.query(sql, parameters).rows
