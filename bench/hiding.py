"""Every key format in every hiding place of a real repository: which are found, by place and by format.

Run: `python -m bench.hiding`; `--rivals` puts beside it what gitleaks, betterleaks and kingfisher find in the same
repository, where they are installed. Keys are made at run time from the catalogue's shapes and belong to nobody.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bench.hiding_rivals import Hit, hits_of, installed_rivals
from bench.places import FORMS, Planted
from shadowscan.catalog import load_catalog
from shadowscan.git.collect import collect_repository
from shadowscan.git.options import GitOptions
from shadowscan.model.target import RepositoryTarget
from shadowscan.store.connection import Store
from tests.secrets.generate import bare_key, formats, make_key

# Content that no file of HEAD's commit holds any more, or not yet.
GONE = ("deleted", "merge-only", "other-branch", "pull-request-ref")
LOST = ("amended", "never-committed", "older-stash")
MESSAGES = ("commit-message", "tag-message", "note")
TREE = ("untracked", "ignored", "modified")
BARE = {"bare-sk-48": bare_key(48), "bare-sk-32": bare_key(32)}
PLACES = (*FORMS, *GONE, "stash", *LOST, *MESSAGES, *TREE)
AUTHOR = "Sam Doe <sam@acme.example>"
Cell = tuple[str, str]  # place, format


@dataclass
class Corpus:
    """The repository, and by (place, format) the path or object id under which the key has to be found."""

    path: Path
    only: tuple[str, ...] = ()  # these formats; empty = all
    where: dict[Cell, str] = field(default_factory=dict)
    also: dict[Cell, str] = field(default_factory=dict)  # what another tool may call it

    @cached_property
    def keys(self) -> dict[str, Planted]:
        """One key a format; the same one in every place, so that a place is told by its path or object."""
        made = {f.id: Planted(vendor, make_key(f.id), (f.context or ("config",))[0]) for vendor, f in formats()}
        made |= {id: Planted("unknown", key, "config") for id, key in BARE.items()}
        return {id: planted for id, planted in made.items() if not self.only or id in self.only}

    def build(self) -> "Corpus":
        """Write the whole history, then what only the working tree has."""
        self.git("init", "-q", "-b", "main", str(self.path), place=False)
        self._commit_forms()
        self._commit_gone()
        self._lose()
        self._write_messages()
        self._write_tree()
        return self

    def git(self, *arguments: str, data: bytes | None = None, place: bool = True) -> str:
        """Run git in the repository; gives its standard output."""
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()}
        call = ["git", *(("-C", str(self.path)) if place else ()), *arguments]
        environment = os.environ | names | {"GIT_CONFIG_GLOBAL": os.devnull}
        return (
            subprocess.run(call, check=True, capture_output=True, input=data, env=environment).stdout.decode().strip()
        )

    def _commit_forms(self) -> None:
        for place, (ending, form) in FORMS.items():
            self._write(place, {id: form(planted) for id, planted in self.keys.items()}, ending)
        self._write("modified", dict.fromkeys(self.keys, "nothing yet\n"))
        self._commit("forms")

    def _commit_gone(self) -> None:
        for place in ("other-branch", "pull-request-ref"):
            self.git("switch", "-q", "-c", place)
            self._write_env(place)
            self._commit(place)
            self.git("switch", "-q", "main")
        self.git("update-ref", "refs/pull/1/head", "pull-request-ref")
        self.git("branch", "-q", "-D", "pull-request-ref")
        self._write_env("deleted")
        self._commit("deleted")
        self._drop("deleted")
        self.git("merge", "-q", "--no-ff", "--no-commit", "-s", "ours", "other-branch")
        self._write_env("merge-only")
        self._commit("merge")
        self._drop("merge-only")

    def _lose(self) -> None:
        """Content that no ref reaches: a commit amended away, a blob that was only staged, a stash under a stash."""
        self._write_env("amended")
        self._commit("amended")
        self._note_objects("amended")
        self.also |= dict.fromkeys((("amended", id) for id in self.keys), self.git("rev-parse", "HEAD"))
        self.git("reset", "-q", "--hard", "HEAD~1")
        self._write_env("never-committed")
        self.git("add", "-A")
        self._note_objects("never-committed")
        self.git("reset", "-q", "--hard", "HEAD")
        for place in ("older-stash", "stash"):
            self._write_env(place)
            self.git("add", "-A")
            if place in LOST:
                self._note_objects(place)
            self.git("stash", "-q")

    def _write_messages(self) -> None:
        """One commit, one tag and one note a format, through `git fast-import`."""
        base = self.git("rev-parse", "HEAD")
        stream = []
        for number, (id, planted) in enumerate(self.keys.items(), 1):
            text = f"Use the {planted.word} key {planted.key}, thanks".encode()
            start = f"from {base}\n" if number == 1 else ""
            stream.append(_record(f"commit refs/heads/main\nmark :{number}\ncommitter", text, start))
            stream.append(_record(f"tag {id}\nfrom :{number}\ntagger", text))
        self.git("fast-import", "--quiet", "--force", "--date-format=raw", data=b"".join(stream))
        self.git("reset", "-q", "--hard", "HEAD")
        commits = self.git("rev-list", "--reverse", f"{base}..HEAD").split()
        for commit, (id, planted) in zip(commits, self.keys.items(), strict=True):
            self.where["commit-message", id] = commit
            self.where["tag-message", id] = self.git("rev-parse", f"refs/tags/{id}")
            self.git("notes", "add", "-m", f"{planted.word} key: {planted.key}", commit)
            self.where["note", id] = self.git("notes", "list", commit)
            self.also["note", id] = commit
            self.also["tag-message", id] = id

    def _write_tree(self) -> None:
        (self.path / ".git" / "info" / "exclude").write_text("ignored/\n")
        for place in TREE:
            self._write_env(place)

    def _write_env(self, place: str) -> None:
        self._write(place, {id: planted.env for id, planted in self.keys.items()})

    def _write(self, place: str, contents: Mapping[str, str | bytes], ending: str = ".env") -> None:
        for id, content in contents.items():
            path = self.path / place / f"{id}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            self.where[place, id] = f"{place}/{id}{ending}"

    def _note_objects(self, place: str) -> None:
        for line in self.git("ls-files", "-s", place).splitlines():
            path = line.partition("\t")[2]
            self.where[place, path.removeprefix(f"{place}/").removesuffix(".env")] = line.split()[1]

    def _commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def _drop(self, place: str) -> None:
        self.git("rm", "-q", "-r", place)
        self.git("commit", "-q", "-m", f"drop {place}")


_WHO = {"NAME": "Sam Doe", "EMAIL": "sam@acme.example", "DATE": "1790000000 +0000"}


def _record(head: str, text: bytes, tail: str = "") -> bytes:
    return f"{head} {AUTHOR} 1790000000 +0000\ndata {len(text)}\n".encode() + text + f"\n{tail}".encode()


def found_cells(corpus: Corpus) -> set[Cell]:
    """The cells in which a scan of the corpus names the key, its format and its place."""
    options = GitOptions("bench", datetime(2026, 11, 1), load_catalog(), "acme")  # noqa: DTZ001 - naive UTC, as stored
    with Store.open(":memory:") as store:
        collect_repository(store, RepositoryTarget(str(corpus.path), str(corpus.path)), options)
        rows = store.query("select vendor_id, mask, path, object_id, commit_id from repo_hit where kind = 'key'").rows
    seen = {
        (vendor_id, mask[-4:], at)
        for vendor_id, mask, path, object_id, commit_id in rows
        for at in (path.split("!")[0], object_id, commit_id)
    }
    return {
        cell
        for cell, at in corpus.where.items()
        if (corpus.keys[cell[1]].vendor, corpus.keys[cell[1]].key[-4:], at) in seen
    }


def cells_of(corpus: Corpus, hits: Iterable[Hit]) -> set[Cell]:
    """The cells that another tool's findings lie in: the whole key is shown, at its path, object or commit."""
    by_key = {planted.key: id for id, planted in corpus.keys.items()}
    return {cell for hit in hits for cell in _cells(corpus, hit, by_key)}


def _cells(corpus: Corpus, hit: Hit, by_key: dict[str, str]) -> Iterator[Cell]:
    names = "".join(f"\n/{name}\n" for name in hit.names)
    for id in (id for key, id in by_key.items() if key in hit.shown):
        for place in PLACES:
            if any(f"/{name}" in names for name in (corpus.where[place, id], corpus.also.get((place, id))) if name):
                yield place, id


def table(corpus: Corpus, results: dict[str, set[Cell]]) -> str:
    """Found of all formats, a line a place; then, for the first tool, the formats that are missed anywhere."""
    width = max(map(len, PLACES))
    lines = [f"{'place':{width}} " + " ".join(f"{name:>11}" for name in results)]
    for place in PLACES:
        counts = [sum(cell[0] == place for cell in found) for found in results.values()]
        lines.append(f"{place:{width}} " + " ".join(f"{n:>7}/{len(corpus.keys)}" for n in counts))
    totals = " ".join(f"{len(found):>6}/{len(corpus.where)}" for found in results.values())
    missed = set(corpus.where) - next(iter(results.values()))
    lines += [f"{'all':{width}} {totals}", "", f"missed: {len(missed)}"]
    for id, count in sorted(Counter(id for _, id in missed).items()):
        lines.append(f"  {id}: {count} ({', '.join(sorted(p for p, i in missed if i == id))})")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Make the corpus, scan it, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder) / "corpus").build()
        results = {"shadowscan": found_cells(corpus)}
        if "--rivals" in arguments:
            for name in installed_rivals():
                results[name] = cells_of(corpus, hits_of(name, corpus.path))
        print(table(corpus, results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
