"""A history of real-shaped text: files of Python's own library, edited line by line as people edit them."""

import random
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

AUTHOR = b"Sam Doe <sam@acme.example>"
FILES = 120
BEGUN_AT = 1_700_000_000


def make_repository(path: Path, size: int) -> int:
    """A bare repository of at least so many bytes of blobs, packed; gives the bytes."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    total = 0
    call = ["git", f"--git-dir={path}", "fast-import", "--quiet"]
    with subprocess.Popen(call, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for number, (name, data) in enumerate(_edits(random.Random(7))):  # noqa: S311 - text to read, not a secret
            process.stdin.write(_commit(number, name, data))
            total += len(data)
            if total >= size:
                break
        process.stdin.close()
    subprocess.run(["git", f"--git-dir={path}", "repack", "-q", "-a", "-d"], check=True)
    return total


def add_commits(path: Path, count: int) -> None:
    """A few more commits on top of what HEAD names, each with a file of its own."""
    branch = subprocess.check_output(["git", f"--git-dir={path}", "symbolic-ref", "HEAD"], text=True).strip()
    stream = b"".join(_added(branch, number) for number in range(count))
    subprocess.run(["git", f"--git-dir={path}", "fast-import", "--quiet"], input=stream, check=True)


def _edits(source: random.Random) -> Iterator[tuple[str, bytes]]:
    """(name, content) of one file after the other, each one edit older than itself, for ever."""
    library = Path(sysconfig.get_path("stdlib"))
    texts = {p.name: p.read_text("utf-8", "replace").splitlines() for p in sorted(library.glob("*.py"))[:FILES]}
    every_line = [line for lines in texts.values() for line in lines]
    for name, lines in texts.items():
        yield name, "\n".join(lines).encode()
    while True:
        name = source.choice(sorted(texts))
        at = source.randrange(max(len(texts[name]), 1))
        texts[name][at : at + source.randrange(3)] = source.choices(every_line, k=source.randrange(1, 4))
        yield name, "\n".join(texts[name]).encode()


def _commit(number: int, name: str, data: bytes) -> bytes:
    head = b"commit refs/heads/main\ncommitter %s %d +0000\ndata 6\nchange\n" % (AUTHOR, BEGUN_AT + number)
    return head + b"M 100644 inline src/%s\ndata %d\n%s\n" % (name.encode(), len(data), data)


def _added(branch: str, number: int) -> bytes:
    data = b"print('added later, number %d')\n" % number
    head = b"commit %s\ncommitter %s %d +0000\ndata 5\nadded\n" % (branch.encode(), AUTHOR, BEGUN_AT * 2 + number)
    parent = b"from %s^0\n" % branch.encode() if not number else b""
    return head + parent + b"M 100644 inline added/%d.py\ndata %d\n%s\n" % (number, len(data), data)
