"""One repository into the store: keys of its whole history and working tree, signals of its code."""

from shadowscan.errors import BadInputError, TargetError
from shadowscan.git.answerers import find_answerers
from shadowscan.git.files import repo_name
from shadowscan.git.keep import Session, keep, open_session
from shadowscan.git.name import without_credentials
from shadowscan.git.options import GitOptions
from shadowscan.git.read import read_repository
from shadowscan.git.repository import open_repository
from shadowscan.model.outcome import Collected, Failed, Outcome, Partial, SourceReport
from shadowscan.model.target import RepositoryTarget
from shadowscan.progress import SILENT, Progress
from shadowscan.store.connection import Store


def collect_repository(
    store: Store, target: RepositoryTarget, options: GitOptions, progress: Progress = SILENT
) -> SourceReport:
    """Scan one repository, incrementally; what cannot be read whole is `Partial` with the fix, never silent."""
    try:
        with open_repository(target.location) as repository:
            progress.step("git", target.text)
            session = open_session(store, target, repo_name(target.location, target.repo), options)
            reading = read_repository(repository, session)
            reading.claims = find_answerers(repository, session, reading)
            rows = keep(session, reading)
    except (BadInputError, TargetError) as error:
        return SourceReport(without_credentials(target.text), "git", Failed(error.message))
    return _report(session, reading.reason, rows)


def _report(session: Session, reason: str, rows: int) -> SourceReport:
    tables = {"repo_hit": rows}
    outcome: Outcome = Partial(tables, 0, reason) if reason else Collected(tables)
    return SourceReport(session.target, "git", outcome, source_ids=(session.source_id,))
