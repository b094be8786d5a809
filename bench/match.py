"""Matching a million host names against a plain dictionary walk, and the whole command: `bench/match.py 1000000`.

The plain walk is what anybody would write: lower case, no final dot, then label by label until a dictionary of the same
patterns knows the rest. It answers only whose the name is; ours answers every field of `vendors match`, templates,
regions and what is wrong with a value included. CPU seconds of the same process, the same names, three rounds, the
least counts.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from time import process_time

from shadowscan.catalog import Catalog, load_catalog
from shadowscan.catalog.match import Matcher

WORDS = ("acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "wonka", "cyberdyne", "tyrell", "oscorp")
TLDS = ("com",) * 8 + ("net", "org", "io", "de", "fr", "dev", "app", "cloud", "co.uk", "com.cn")
BELOW = ("", "www.", "api.", "cdn.", "mail.", "a1.b2.", "s3.", "edge-7.eu-west-1.")
ROUNDS = 3
BATCH = 2_000  # about what one read of standard input holds


def names(count: int, hit_share: float, distinct: int) -> Iterator[str]:
    """`count` names out of `distinct` ones, `hit_share` of them a vendor's; the same every time."""
    chance = Random(7)  # noqa: S311 - figures, not secrets
    catalog = load_catalog()
    patterns = sorted(h.pattern for v in catalog.vendors.values() for h in v.hosts if h.match != "template")
    cloud = (".s3.eu-west-1.amazonaws.com", ".blob.core.windows.net", ".storage.googleapis.com", ".cloudfront.net")
    pool = []
    for number in range(distinct):
        if chance.random() < hit_share:
            pool.append(chance.choice(BELOW) + chance.choice(patterns))
        elif chance.random() < 0.05:
            pool.append(f"bucket-{number}{chance.choice(cloud)}")
        else:
            pool.append(f"{chance.choice(BELOW)}{chance.choice(WORDS)}{number}.{chance.choice(TLDS)}")
    yield from pool[:count]
    for _ in range(count - len(pool)):
        yield chance.choice(pool)


def plain_walk(catalog: Catalog) -> Callable[[Sequence[str]], list[str | None]]:
    """The dictionary walk of the docstring."""
    known = {h.pattern: v.id for v in catalog.vendors.values() for h in v.hosts if h.match != "template"}

    def walk(name: str) -> str | None:
        rest = name.lower().rstrip(".")
        while rest:
            vendor = known.get(rest)
            if vendor is not None:
                return vendor
            rest = rest.partition(".")[2]
        return None

    return lambda values: [walk(value) for value in values]


def seconds(make: Callable[[], Callable[[Sequence[str]], object]], values: Sequence[str]) -> float:
    """Least CPU seconds to answer all values in batches, by a fresh matcher each round."""
    best = float("inf")
    for _ in range(ROUNDS):
        answer = make()
        started = process_time()
        for start in range(0, len(values), BATCH):
            answer(values[start : start + BATCH])
        best = min(best, process_time() - started)
    return best


# A process of its own starts the command, since a child begins with its parent's peak of memory.
WATCH = """
import resource, subprocess, sys
with open(sys.argv[1]) as names, open(sys.argv[2], "w") as answers:
    command = [sys.executable, "-m", "shadowscan", "vendors", "match", "-", "--format", sys.argv[3]]
    subprocess.run(command, stdin=names, stdout=answers, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def command(values: Iterable[str], format: str) -> tuple[float, float, int]:
    """(CPU seconds, peak MB, lines) of `shadowscan vendors match -` on those values in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "names", Path(folder) / "answers"
        with source.open("w") as written:
            written.writelines(f"{value}\n" for value in values)
        watch = [sys.executable, "-c", WATCH, str(source), str(target), format]
        spent, peak = subprocess.run(watch, check=True, capture_output=True, text=True).stdout.split()
        with target.open() as answers:
            lines = sum(1 for _ in answers)
    return float(spent), float(peak), lines


def main(arguments: list[str]) -> int:
    """Print the figures for the number of names given, a million by default."""
    count = int(arguments[0]) if arguments else 1_000_000
    catalog = load_catalog()
    vendors = catalog.vendors.values()
    for title, share, distinct in (
        ("all distinct, 1 % vendors", 0.01, count),
        ("all distinct, 10 % vendors", 0.10, count),
        ("one name in fifty distinct, 10 % vendors", 0.10, max(count // 50, 1)),
    ):
        values = list(names(count, share, distinct))
        plain = seconds(lambda: plain_walk(catalog), values)
        ours = seconds(lambda: Matcher(vendors).resolve_many, values)
        print(f"{title}: plain walk {plain:.2f} s, ours {ours:.2f} s, ratio {ours / plain:.2f}")
    for size in (count // 10, count):
        spent, peak, lines = command(names(size, 0.01, size), "jsonl")
        print(f"vendors match - of {lines:,} names: {spent:.2f} s CPU, {peak:.0f} MB peak")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
