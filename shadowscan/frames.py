"""The store for readers: the Python API, and what `report`, `findings` and `sql` stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from shadowscan.config import CONFIG_NAMES, existing_file, load_config
from shadowscan.documents import nearest
from shadowscan.engines.duckdb import Limits, parse_memory
from shadowscan.errors import UsageError
from shadowscan.figures.report import build_report
from shadowscan.history.past import load_past
from shadowscan.history.suppress import matches_rule
from shadowscan.inputs import DEFAULT_DB, find_policy
from shadowscan.model.finding import Finding
from shadowscan.model.owner import is_of_team
from shadowscan.model.report import Period, Report, Section
from shadowscan.own_vendors import open_catalog
from shadowscan.policy import load_policy
from shadowscan.ruleset.load import load_pack
from shadowscan.store.reader import Reader, open_reader

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Store:
    """A store opened read-only. `as_of` names the snapshot's time while a run is writing, else it is empty."""

    reader: Reader

    @classmethod
    def open(cls, db: str = "", *, config: str = "", memory: str = "") -> "Store":
        """Open `db` (default: the configured store); raises `TargetError` when there is none."""
        settings = load_config(existing_file(config, CONFIG_NAMES)).settings
        limits = Limits(memory_mb=parse_memory(memory or settings.memory or "2GB"))
        return cls(open_reader(db or settings.db or DEFAULT_DB, limits))

    @property
    def as_of(self) -> str:
        return self.reader.as_of

    def findings(self) -> "pd.DataFrame":
        """Every finding as last reported, worst first: one row a finding, evidence as JSON text."""
        import pandas as pd

        return pd.DataFrame([finding_row(finding) for finding in read_findings(self)], columns=list(FINDING_COLUMNS))

    def report(self, name: str, *, period: str = "") -> "dict[str, pd.DataFrame]":
        """The sections of a report by title."""
        import pandas as pd

        sections = report_from(self, name, period=period).sections
        return {section.title: pd.DataFrame(list(section.rows), columns=list(section.columns)) for section in sections}

    def sql(self, statement: str) -> "pd.DataFrame":
        """The answer to one statement over the views."""
        return self.reader.store.engine.connection.execute(statement).df()

    def close(self) -> None:
        self.reader.store.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


FINDING_COLUMNS = (
    "fingerprint", "rule_id", "severity", "confidence", "state", "team", "owner_status", "vendor", "subject_kind",
    "subject", "title", "message", "first_seen_at", "last_seen_at", "event_count", "bytes_out", "bytes_in", "amount",
    "currency", "suppressed", "remediation",
)  # fmt: skip
SCREEN_COLUMNS = ("severity", "rule_id", "team", "vendor", "subject", "state", "fingerprint")


def finding_row(finding: Finding) -> dict[str, Any]:
    """One finding as a flat row under FINDING_COLUMNS."""
    values = (
        finding.fingerprint,
        finding.rule_id,
        finding.severity.value,
        finding.confidence.value,
        finding.state,
        finding.owner.team or "",
        finding.owner.status,
        finding.vendor.id if finding.vendor else "",
        finding.subject.kind,
        finding.subject.label or finding.subject.id,
        finding.title,
        finding.message,
        finding.first_seen_at,
        finding.last_seen_at,
        finding.event_count,
        finding.bytes_out,
        finding.bytes_in,
        str(finding.cost.amount) if finding.cost else "",
        finding.cost.currency if finding.cost else "",
        finding.suppressed.reason if finding.suppressed else "",
        finding.remediation,
    )
    return dict(zip(FINDING_COLUMNS, values, strict=True))


def read_findings(store: Store) -> list[Finding]:
    """Every finding of the history that still stands, worst first."""
    past = load_past(store.reader.store)
    return sorted((entry.finding for entry in past.values()), key=lambda finding: finding.sort_key)


def find_finding(store: Store, fingerprint: str) -> Finding:
    """The finding of that fingerprint, alias, or unique beginning; raises `UsageError` where there is none or many."""
    found = [
        finding
        for finding in read_findings(store)
        if any(name.startswith(fingerprint) for name in (finding.fingerprint, *finding.aliases))
    ]
    if len(found) != 1 or not fingerprint:
        what = "no finding" if not found else f"{len(found)} findings"
        raise UsageError(f"{what} with fingerprint {fingerprint!r}", hint="`shadowscan findings list` shows them")
    return found[0]


def findings_report(
    store: Store, *, select: tuple[str, ...], team: str, with_resolved: bool, columns: Sequence[str] = FINDING_COLUMNS
) -> Report:
    """The findings as a report of one section, for every format that draws tables."""
    _refuse_unknown_rules(store, select)
    rows = [
        tuple(finding_row(finding)[column] for column in columns)
        for finding in read_findings(store)
        if (with_resolved or finding.state != "resolved")
        and (not team or is_of_team(finding.owner, team))
        and (not select or any(matches_rule(selector, finding.rule_id) for selector in select))
    ]
    nothing = Period("", "")
    section = Section("Findings", tuple(columns), tuple(rows))
    return Report("findings", "Findings", nothing, nothing, "", {}, (section,))


def _refuse_unknown_rules(store: Store, select: tuple[str, ...]) -> None:
    """A selector that is neither a rule of the pack nor of a finding is a typing error, not an empty list."""
    known = {*load_pack().rules, *(finding.rule_id for finding in read_findings(store))}
    for selector in select:
        if not any(matches_rule(selector, rule_id) for rule_id in known):
            raise UsageError(f"no rule is named {selector!r}{nearest(selector, known)}", hint="see `rules list`")


def report_from(
    store: Store,
    name: str,
    *,
    period: str = "",
    window: tuple[datetime | None, datetime | None] = (None, None),
    policy: str = "",
    team: str = "",
) -> Report:
    """One report of the store; raises `UsageError` for a name or period that does not exist."""
    catalog = open_catalog()
    return build_report(
        store.reader.store,
        name,
        period=period,
        window=window,
        policy=load_policy(find_policy(policy), catalog.vendors),
        catalog=catalog,
        team=team or None,
    )


def answer(store: Store, statement: str) -> Report:
    """The answer to a statement as a report of one section; raises `UsageError` with the engine's own words."""
    import duckdb

    connection = store.reader.store.engine.connection
    try:
        if len(connection.extract_statements(statement)) != 1:
            raise UsageError("sql takes one statement", hint='such as shadowscan sql "select * from llm_spend"')
        rows = store.reader.store.query(statement)
    except duckdb.Error as error:
        raise UsageError(f"the store refuses that statement: {error}", hint="docs/schema.md lists the views") from error
    section = Section("Answer", rows.columns, tuple(rows.rows))
    nothing = Period("", "")
    return Report("sql", "Answer", nothing, nothing, "", {}, (section,))
