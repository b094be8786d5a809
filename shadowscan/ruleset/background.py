"""What a match does not carry itself: subjects and their owners, evidence, services, places in repositories.

Read once for all matches of a run, so that a thousand findings cost as many queries as one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shadowscan.model.finding import CodeLocation, Evidence, Locator, RegionRef
from shadowscan.model.owner import UNOWNED, Owner, OwnerEvidence
from shadowscan.ruleset.places import Hits, places_of, read_hits
from shadowscan.ruleset.run import Match
from shadowscan.ruleset.views import readable_tables
from shadowscan.store.connection import Store

SAMPLES = 5
_IN_USE = " and action = 'accept' and surface in ('api', 'web', 'upload', 'telemetry')"
OF_EACH_KIND = 1  # a flow and the answer that names it say more than five flows


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """One row of `subject`, its owner as a value."""

    kind: str
    label: str
    account_id: str
    vpc_id: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class Background:
    """Everything by its key: subjects by id, the rest by `evidence_ref`, places by repository."""

    subjects: Mapping[str, KnownSubject]
    samples: Mapping[str, tuple[Evidence, ...]]
    sources: Mapping[str, tuple[int, ...]]
    uses: Mapping[str, tuple[tuple[str, str], ...]]  # (service, status) pairs
    hits: Mapping[str, Hits]
    regions: Mapping[str, RegionRef]

    def owner(self, facts: Mapping[str, Any]) -> Owner:
        """A repository answers for what is in it; anything else for itself."""
        for name in ("repo", "subject_id"):
            known = self.subjects.get(str(facts.get(name)))
            if known is not None:
                return known.owner
        return UNOWNED

    def evidence(self, facts: Mapping[str, Any]) -> tuple[Evidence, ...]:
        """A few records behind the match, best first."""
        return self.samples.get(_ref(facts), ())

    def source_ids(self, facts: Mapping[str, Any]) -> tuple[int, ...]:
        """Ledger ids of everything behind the match, sorted."""
        return self.sources.get(_ref(facts), ())

    def services(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """The vendor's services behind the match, sorted, the unknown ones left out.

        A finding about approved use lists approved services, one about any other status the rest.
        """
        used = self.uses.get(_ref(facts), ())
        wanted = str(facts.get("status") or "")
        told = [(service, status) for service, status in used if service != "unknown"]
        fitting = {service for service, status in told if (status == "approved") == (wanted == "approved")}
        return tuple(sorted(fitting if wanted and fitting else {service for service, _ in told}))

    def status(self, facts: Mapping[str, Any]) -> str:
        """What policy says, where the rule did not: the view's own word, if it has one and only one."""
        said = {status for _, status in self.uses.get(_ref(facts), ()) if status}
        return said.pop() if len(said) == 1 else ""

    def region(self, facts: Mapping[str, Any]) -> RegionRef | None:
        """Where the traffic behind the match went: the worst verdict's route, else what its host names."""
        return self.regions.get(_ref(facts))

    def locations(self, facts: Mapping[str, Any]) -> tuple[CodeLocation, ...]:
        """Places in a repository that the match is about; none for traffic and bills."""
        repo = facts.get("repo") or (facts.get("subject_id") if facts.get("subject_kind") == "repo" else None)
        return places_of(self.hits.get(str(repo), Hits()), facts) if repo else ()


def read_background(store: Store, matches: Sequence[Match]) -> Background:
    """Read what these matches need, and no more."""
    refs = sorted({_ref(match.facts) for match in matches} - {""})
    names = ("repo", "subject_id")
    subjects = {str(match.facts[name]) for match in matches for name in names if match.facts.get(name)}
    return Background(
        subjects=_subjects(store, sorted(subjects)),
        samples=_samples(store, refs),
        sources=_sources(store, refs),
        uses=_uses(store, refs),
        hits=read_hits(store, sorted(subjects)),
        regions=_regions(store, refs),
    )


def _ref(facts: Mapping[str, Any]) -> str:
    return str(facts.get("evidence_ref") or "")


def _subjects(store: Store, ids: list[str]) -> dict[str, KnownSubject]:
    rows = store.query(
        """
        select subject_id, kind, label, account_id, vpc_id, team, owner_status, owner_confidence, decided_by,
          owner_evidence
        from subject
        where list_contains($ids, subject_id)
        """,
        {"ids": ids},
    ).rows
    return {
        subject_id: KnownSubject(kind, label, account_id, vpc_id, _owner(*owner))
        for subject_id, kind, label, account_id, vpc_id, *owner in rows
    }


def _owner(team: str, status: Any, confidence: float, decided_by: str, evidence: str) -> Owner:
    chain = tuple(OwnerEvidence(**entry) for entry in json.loads(evidence))
    return Owner(None if team == "unknown" else team, status, confidence, decided_by, chain)


def _samples(store: Store, refs: list[str]) -> dict[str, tuple[Evidence, ...]]:
    rows = store.query(
        """
        with distinct_sample as (
          select evidence_ref, kind, detail, source, object, line, record, digest,
            min(ordinal) as ordinal, min(day) as day
          from evidence_sample
          where list_contains($refs, evidence_ref)
          group by evidence_ref, kind, detail, source, object, line, record, digest
        ),
        by_kind as (
          select *,
            row_number() over (partition by evidence_ref, kind order by ordinal, day, object, line, detail) as place
          from distinct_sample
        ),
        ranked as (
          select evidence_ref, kind, detail, source, object, line, record, digest,
            row_number() over (
              partition by evidence_ref
              order by case when place <= $each then 0 else 1 end, ordinal, day, object, line, detail
            ) as position
          from by_kind
        )
        select evidence_ref, kind, detail, source, object, line, record, digest
        from ranked
        where position <= $samples
        order by evidence_ref, position
        """,
        {"refs": refs, "samples": SAMPLES, "each": OF_EACH_KIND},
    ).rows
    return _by_first(
        (ref, Evidence(kind, detail, source, Locator(name, line or None, record or None, digest or None)))
        for ref, kind, detail, source, name, line, record, digest in rows
    )


def _sources(store: Store, refs: list[str]) -> dict[str, tuple[int, ...]]:
    rows = store.query(
        """
        select distinct evidence_ref, source_id
        from evidence_source
        where list_contains($refs, evidence_ref)
        order by evidence_ref, source_id
        """,
        {"refs": refs},
    ).rows
    return _by_first((ref, int(source_id)) for ref, source_id in rows)


def _uses(store: Store, refs: list[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Services and statuses of every view that has them. Names come from the schema, values are bound."""
    parts = []
    for table in readable_tables().values():
        if {"evidence_ref", "service"} <= set(table.column_names):
            status = "status" if "status" in table.column_names else "''"
            used = _IN_USE if {"action", "surface", "status"} <= set(table.column_names) else ""
            parts.append(
                f"select evidence_ref, service, {status} as status from {table.name} "  # noqa: S608
                f"where list_contains($refs, evidence_ref){used}"
            )
    rows = store.query(f"{' union '.join(parts)} order by 1, 2, 3", {"refs": refs}).rows
    return _by_first((ref, (service, status)) for ref, service, status in rows)


def _regions(store: Store, refs: list[str]) -> dict[str, RegionRef]:
    """The region that speaks for each reference; without a residency policy nothing is judged, so `unknown`."""
    rows = store.query(
        """
        with seen as (
          select evidence_ref, region, region_group, region_evidence, verdict,
            case verdict when 'violation' then 0 when 'possible' then 1 when 'unknown' then 2 else 3 end as rank
          from llm_region
          where list_contains($refs, evidence_ref) and basis in ('traffic', 'call')
          union all
          select evidence_ref, region, region_group, region_evidence, 'unknown' as verdict, 4 as rank
          from llm_egress
          where list_contains($refs, evidence_ref) and region <> 'unknown' and action = 'accept'
        ),
        ranked as (
          select *,
            row_number() over (
              partition by evidence_ref
              order by rank, region_evidence desc, region, region_group
            ) as position
          from seen
        )
        select evidence_ref, region, region_group, region_evidence, verdict
        from ranked
        where position = 1
        """,
        {"refs": refs},
    ).rows
    return {ref: RegionRef(region, group, evidence, verdict) for ref, region, group, evidence, verdict in rows}


def _by_first(pairs: Iterable[tuple[str, Any]]) -> dict[str, tuple[Any, ...]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return {key: tuple(values) for key, values in grouped.items()}
