"""What was found in a repository, into the store: rows and ledger in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from shadowscan import __version__
from shadowscan.catalog import Catalog
from shadowscan.git.decode import FORMS, OTHER
from shadowscan.git.lexicon import Lexicon, build_lexicon
from shadowscan.git.memory import Learned, Memory, open_memory, remember
from shadowscan.git.name import without_credentials
from shadowscan.git.options import GitOptions
from shadowscan.git.scan import KeyScanner
from shadowscan.model.target import RepositoryTarget
from shadowscan.model.vendor import KeyFormat
from shadowscan.schema import load_tables
from shadowscan.secrets.identify import Identifier
from shadowscan.secrets.match import Matcher
from shadowscan.secrets.others import CANDIDATE, OtherSecrets
from shadowscan.store.connection import Store
from shadowscan.store.ledger import Entry, Ledger, write_entries
from shadowscan.store.rows import insert_rows

SCANNER_VERSION = "6"  # raised when the same content would give other hits or signals within one version

Row = dict[str, Any]

EMPTY_HIT: Row = {
    "vendor_id": "unknown",
    "service": "unknown",
    "key_id": "",
    "mask": "",
    "severity": "",
    "path": "",
    "line": 0,
    "object_id": "",
    "commit_id": "",
    "author": "",
    "committed_at": None,
    "last_commit_id": "",
    "last_seen_at": None,
    "in_head": False,
    "place": "history",
    "unit": ".",
    "detail": "",
    "allow_comment": "",
    "weight": 0,
}


@dataclass(frozen=True, slots=True)
class Session:
    """One repository's place in the store, and what its content is looked at with."""

    store: Store
    target: str
    source_id: int
    repo: str
    diff: str
    inline_allow: bool
    memory: Memory
    scanner: KeyScanner
    lexicon: Lexicon
    run: tuple[str, datetime]

    @property
    def base_row(self) -> Row:
        """A row of `repo_hit` of this repository with nothing known yet."""
        return {"source_id": self.source_id, "repo": self.repo, **EMPTY_HIT}


@dataclass
class Reading:
    """What reading gave, and what of it need not be read again; `reason` says why it is not whole."""

    rows: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    learned: Learned = field(default_factory=Learned)
    notes: dict[str, list[str]] = field(default_factory=dict)
    reason: str = ""
    head: str = ""


def open_session(store: Store, target: RepositoryTarget, repo: str, options: GitOptions) -> Session:
    """The ledger's view of this repository; the same target keeps its source id."""
    text = without_credentials(target.text) + (f"@{options.diff}" if options.diff else "")
    ledger = Ledger(store)
    known = ledger.find_object(text)
    return Session(
        store=store,
        target=text,
        source_id=known.source_id if known else ledger.reserve_id(),
        repo=repo,
        diff=options.diff,
        inline_allow=options.inline_allow,
        memory=open_memory(store, text, _ruleset(options)),
        scanner=open_scanner(options),
        lexicon=build_lexicon(options.catalog, options.gateway_hosts),
        run=(options.run_id, options.collected_at),
    )


def open_scanner(options: GitOptions) -> KeyScanner:
    """The catalogue's formats, and other secrets where asked for."""
    others = OtherSecrets() if options.all_secrets else None
    matcher = open_matcher(options.catalog, all_secrets=options.all_secrets)
    return KeyScanner(matcher, Identifier(options.organization), others)


def open_matcher(catalog: Catalog, *, all_secrets: bool = False) -> Matcher:
    """The matcher of the catalogue's formats, compiled once a process; it tells of other forms of text too."""
    return _matcher(tuple((vendor.id, entry) for vendor, entry in catalog.key_formats()), all_secrets)


def kept_rows(session: Session) -> list[Row]:
    """Rows the store holds of this repository, but those of the working tree, which changes by itself."""
    columns = ", ".join(load_tables()["repo_hit"].column_names)
    sql = f"select {columns} from repo_hit where source_id = $id and place <> 'worktree'"  # noqa: S608 - declared names
    return session.store.query(sql, {"id": session.source_id}).dicts()


def keep(session: Session, reading: Reading) -> int:
    """Replace what the store knew of this target; gives the number of rows."""
    store = session.store
    with store.transaction():
        for table in ("repo_hit", "coverage_note", "owner_claim"):
            store.query(f"delete from {table} where source_id = $id", {"id": session.source_id})  # noqa: S608
        insert_rows(store.engine, "repo_hit", reading.rows)
        insert_rows(store.engine, "owner_claim", reading.claims)
        insert_rows(store.engine, "coverage_note", _notes(session.source_id, reading.notes))
        remember(session.memory, reading.learned)
        write_entries(store, [_entry(session, reading)])
    return len(reading.rows)


@lru_cache(maxsize=2)
def _matcher(formats: tuple[tuple[str, KeyFormat], ...], all_secrets: bool) -> Matcher:
    """Compiled once for all repositories of a run."""
    return Matcher(formats, FORMS | ({OTHER: CANDIDATE} if all_secrets else {}))


def _ruleset(options: GitOptions) -> str:
    """Whatever makes the same content give other hits or signals; key ids come from the organization's name."""
    gateways = ",".join(sorted(options.gateway_hosts))
    edition = (__version__, SCANNER_VERSION, options.catalog.digest)
    parts = (*edition, str(options.all_secrets), options.organization, gateways)
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]


def _notes(source_id: int, notes: Mapping[str, Sequence[str]]) -> list[Row]:
    return [
        {
            "source_id": source_id,
            "kind": kind,
            "detail": f"{', '.join(names[:3])}{', …' if len(names) > 3 else ''}",
            "count": len(names),
            "first_at": None,
            "last_at": None,
            "lost_seconds": 0,
        }
        for kind, names in sorted(notes.items())
        if names
    ]


def _entry(session: Session, reading: Reading) -> Entry:
    run_id, collected_at = session.run
    moments = [row["committed_at"] for row in reading.rows if row["committed_at"]]
    return Entry(
        source_id=session.source_id,
        target=session.target,
        object=session.target,
        format="git",
        digest=reading.head,
        version=reading.head,
        size_bytes=0,
        collected_at=collected_at,
        run_id=run_id,
        state="partial" if reading.reason else "collected",
        reason=reading.reason,
        rows={"repo_hit": len(reading.rows)},
        first_at=min(moments, default=None),
        last_at=max(moments, default=None),
    )
