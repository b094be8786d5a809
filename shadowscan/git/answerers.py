"""Who answers for what was found: the author of its line, and who committed to those files of late.

`.mailmap` is followed, commits of `.git-blame-ignore-revs` are looked past, robots are left out. Blame is asked of a
few files only, keys before signals: it walks history once a file.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from shadowscan.git.keep import Reading, Row, Session
from shadowscan.git.repository import Repository
from shadowscan.owners import is_robot
from shadowscan.schema import load_tables

BLAMED_FILES = 8
BLAMED_LINES = 4
NAMED_FILES = 500
NAMED_PEOPLE = 5
RECENT_SECONDS = 90 * 86_400
CONFIDENCE = 0.40
_COMMIT = re.compile(rb"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_MAIL = re.compile(rb"^author-mail <(.*)>$", re.MULTILINE)
_KNOWN = """
    select s.version, c.key
    from source_object as s
    join owner_claim as c on c.source_id = s.source_id
    where s.source_id = $id and c.evidence = 'git_blame'
"""


def find_answerers(repository: Repository, session: Session, reading: Reading) -> list[Row]:
    """Rows of `owner_claim`, one a blamed file and one a person of the last 90 days; kept where HEAD stands still."""
    lines = _lines(reading)
    if not lines or session.diff:
        return []
    known = session.store.query(_KNOWN, {"id": session.source_id}).rows
    if known and all(version == reading.head and path in lines for version, path in known):
        return _kept(session)
    return [*_blamed(repository, session, lines), *_recent(repository, session, lines)]


def _lines(reading: Reading) -> dict[str, list[int]]:
    """Files of HEAD with a hit and its lines, those with a key first, then by the number of hits."""
    found: dict[str, set[int]] = defaultdict(set)
    keys: set[str] = set()
    for row in reading.rows:
        path = str(row["path"])
        if row["in_head"] and row["line"] > 0 and path.isprintable() and "!" not in path and row["commit_id"]:
            found[path].add(int(row["line"]))
            keys |= {path} if row["kind"] == "key" else set()
    ordered = sorted(found, key=lambda path: (path not in keys, -len(found[path]), path))
    return {path: sorted(found[path])[:BLAMED_LINES] for path in ordered}


def _kept(session: Session) -> list[Row]:
    columns = ", ".join(load_tables()["owner_claim"].column_names)
    sql = f"select {columns} from owner_claim where source_id = $id"  # noqa: S608 - declared names
    return session.store.query(sql, {"id": session.source_id}).dicts()


def _blamed(repository: Repository, session: Session, lines: dict[str, list[int]]) -> Iterator[Row]:
    """The person most of a file's hit lines are by, one row a file."""
    with TemporaryDirectory(prefix="shadowscan-blame-") as folder:
        ignored = _ignored(repository, Path(folder) / "ignored")
        for path in list(lines)[:BLAMED_FILES]:
            people = Counter(
                person for person in _authors(repository, path, lines[path], ignored) if not is_robot(person)
            )
            for person, count in people.most_common(1):
                detail = f"wrote {count} of {len(lines[path])} lines looked at in {path}"
                yield _row(session, "git_blame", path, person, count, detail)


def _authors(repository: Repository, path: str, lines: Collection[int], ignored: list[str]) -> list[str]:
    """Addresses of who wrote these lines, one a commit and range; none where git cannot say."""
    ranges = [part for line in lines for part in ("-L", f"{line},{line}")]
    call = ("blame", "--line-porcelain", "--no-textconv", "-w", "--ignore-revs-file=", *ignored, *ranges)
    out = repository.text(*call, "HEAD", "--", path, check=False)
    return [mail.decode("utf-8", "replace").casefold() for mail in _MAIL.findall(out)]


def _ignored(repository: Repository, place: Path) -> list[str]:
    """The option that names the commits to look past; a line that is no commit of this repository would end blame."""
    written = repository.text("cat-file", "blob", "HEAD:.git-blame-ignore-revs", check=False)
    named = [line.split(b"#")[0].strip() for line in written.splitlines()]
    commits = [commit.decode() for commit in named if _COMMIT.match(commit)][:1000]
    there = [commit for commit in commits if repository.line("cat-file", "-t", commit) == "commit"]
    if not there:
        return []
    place.write_text("\n".join(there) + "\n")
    return [f"--ignore-revs-file={place}"]


def _recent(repository: Repository, session: Session, lines: dict[str, list[int]]) -> Iterator[Row]:
    """Who committed to those files in the 90 days before HEAD, busiest first."""
    newest = repository.line("log", "-1", "--format=%ct", "HEAD")
    if not newest.isdigit():
        return
    since = f"--since=@{int(newest) - RECENT_SECONDS}"
    paths = [f":(top,literal){path}" for path in list(lines)[:NAMED_FILES]]
    out = repository.text("log", "--no-merges", since, "--format=%aE%x09%aN", "HEAD", "--", *paths, check=False)
    people = Counter(
        line.partition("\t")[0].casefold() for line in out.decode("utf-8", "replace").splitlines() if not is_robot(line)
    )
    for person, count in sorted(people.items(), key=lambda each: (-each[1], each[0]))[:NAMED_PEOPLE]:
        yield _row(session, "git_recent", "**", person, count, f"{count} commits to these files in 90 days")


def _row(session: Session, evidence: str, path: str, person: str, count: int, detail: str) -> Row:
    return {
        "source_id": session.source_id,
        "line": 0,
        "evidence": evidence,
        "key_kind": "repo_path",
        "key": path,
        "scope": session.repo,
        "ordinal": count,
        "value": person,
        "is_person": True,
        "confidence": CONFIDENCE,
        "observed_at": None,
        "detail": detail[:500],
    }
