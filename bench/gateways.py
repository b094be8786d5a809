"""Which classes real repositories get: signals of HEAD's files, put together by unit, without a store.

python -m bench.gateways CLONE…      bare clones or working copies; the table of docs/gateways.md
"""

import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from shadowscan.catalog import load_catalog
from shadowscan.enrich.gateways import class_of, concerns_of, score_of, vendors_of
from shadowscan.enrich.hits import Hit
from shadowscan.git.lexicon import Lexicon, build_lexicon
from shadowscan.git.signals import Signal, find_signals
from shadowscan.git.unit import unit_of

LIMIT = 1024 * 1024
SHOWN = ("exposes", "gateway_config", "upstream", "credential_swap")


def main(clones: list[str]) -> None:
    lexicon = build_lexicon(load_catalog())
    for clone in clones:
        files = list(read_files(clone))
        began = time.process_time()
        found = {path: signals for path, data in files if (signals := find_signals(path, data, lexicon))}
        seconds = time.process_time() - began
        size = sum(len(data) for _, data in files) / 1e6
        print(f"{name_of(clone)}: {len(files)} files, {size:.1f} MB, {seconds:.2f} s CPU")
        print_units(found, {path for path, _ in files}, lexicon)


def print_units(found: Mapping[str, list[Signal]], files: set[str], lexicon: Lexicon) -> None:
    units: dict[str, list[Hit]] = defaultdict(list)
    for path, signals in found.items():
        unit = unit_of(path, frozenset(files))
        units[unit] += [as_hit(path, unit, signal) for signal in signals]
    for unit, hits in sorted(units.items()):
        vendors = vendors_of(hits, lexicon.catalog)
        score = score_of(hits, vendors)
        label = class_of(hits, vendors, score, is_approved=False)
        if label:
            where = {h.kind: f"{h.path}:{h.line}" for h in reversed(hits) if h.kind in SHOWN}
            print(f"  {label:22} {score:4} {unit:30} {','.join(concerns_of(hits))} {len(vendors)} vendors {where}")
    calls = Counter(h.vendor_id for hits in units.values() for h in hits if h.kind in ("sdk", "endpoint", "base_url"))
    print("  calls", dict(calls.most_common(8)))


def read_files(clone: str) -> Iterator[tuple[str, bytes]]:
    """Path and content of HEAD's files under a megabyte; missing objects are left out."""
    listed = subprocess.run(["git", "-C", clone, "ls-tree", "-r", "-l", "-z", "HEAD"], capture_output=True, check=True)
    wanted = []
    for record in filter(None, listed.stdout.split(b"\0")):
        (_, kind, id, size), path = record.partition(b"\t")[0].split(), record.partition(b"\t")[2]
        if kind == b"blob" and size.isdigit() and int(size) < LIMIT:
            wanted.append((path.decode("utf-8", "replace"), id))
    reader = subprocess.Popen(
        ["git", "-C", clone, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reader.stdin and reader.stdout
    for path, id in wanted:
        reader.stdin.write(id + b"\n")
        reader.stdin.flush()
        head = reader.stdout.readline().split()
        if len(head) == 3:
            yield path, reader.stdout.read(int(head[2]) + 1)[:-1]
    reader.stdin.close()
    reader.wait()


def as_hit(path: str, unit: str, s: Signal) -> Hit:
    place = (path, s.line, "", None, None, True)
    return Hit(0, "repo", unit, s.kind, s.vendor_id, s.service, "", "", "", *place, s.detail, "", s.weight)


def name_of(clone: str) -> str:
    parts = [part for part in Path(clone).parts if part not in ("repo", ".git")]
    return parts[-1].replace("+", "/")


if __name__ == "__main__":
    main(sys.argv[1:])
