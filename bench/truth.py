"""Attribution against known truth: `python -m bench.truth [SEED…]`, and `--windows` for the sweep of the DNS window.

A pair is one workload and one vendor. Right: it called that vendor and is said to have. Wrong: it is said to have and
never did. Missed: it did and is not said to have. Records are judged one by one as well.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from bench.network import START, Network
from shadowscan.catalog import load_catalog
from shadowscan.config import Config, Settings
from shadowscan.enrich import daily, networks, seen, subjects, vendors
from shadowscan.enrich.context import EnrichContext
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.store.connection import MEMORY, Store

WINDOWS = (5, 15, 60, 180, 360, 720, 1440)
_SAID = """
    select subject_id, vendor_id, min_by(named_by, rank) as named_by, min_by(confidence, rank) as confidence
    from (
      select *, list_position(['high', 'medium', 'low'], confidence) as rank
      from llm_egress
      where action = 'accept' and vendor_id <> 'unknown'
    )
    group by subject_id, vendor_id
"""
_RECORDS = "select line, vendor_id, confidence from vendor_use where flow_id >= 0 and is_counted"


@dataclass(frozen=True)
class Score:
    """What was said, against what was so."""

    truth: dict[tuple[str, str], str]
    said: dict[tuple[str, str], tuple[str, str]]
    records: Counter[str]

    @property
    def wrong(self) -> dict[tuple[str, str], tuple[str, str]]:
        return {pair: how for pair, how in self.said.items() if pair not in self.truth}

    @property
    def missed(self) -> dict[tuple[str, str], str]:
        return {pair: way for pair, way in self.truth.items() if pair not in self.said}

    def found(self, way: str) -> int:
        return sum(1 for pair, known in self.truth.items() if known == way and pair in self.said)


def score(network: Network, window: timedelta = timedelta(hours=6)) -> Score:
    """Attribute the network's records and compare."""
    with Store.open(MEMORY) as store:
        load(store, network)
        config = Config(settings=Settings(dns_window=window))
        context = EnrichContext(store, load_catalog(), Policy(), Owners(), config, START + timedelta(days=30))
        for step in (seen, networks, vendors, subjects, daily):
            step.build(context)
        said = {(subject, vendor): (by, sure) for subject, vendor, by, sure in store.query(_SAID).rows}
        told = {line: vendor for line, vendor, _ in store.query(_RECORDS).rows if vendor != "unknown"}
    records = Counter(
        "right" if told.get(line, "") == vendor else "missed" if line not in told else "wrong"
        for line, vendor in network.flow_truth.items()
        if vendor or line in told
    )
    return Score(network.truth, said, records)


def load(store: Store, network: Network) -> None:
    """Insert the rows; columns they do not have take the schema's defaults."""
    import pyarrow as pa

    for table, rows in network.rows.items():
        for names in sorted({tuple(sorted(row)) for row in rows}):
            alike = [row for row in rows if tuple(sorted(row)) == names]
            store.engine.connection.register("made", pa.table({name: [row[name] for row in alike] for name in names}))
            store.query(f"insert into {table} by name select * from made")  # noqa: S608 - names of ours
            store.engine.connection.unregister("made")


def show(found: Score) -> None:
    print(f"{'what can tell':22}{'pairs':>8}{'right':>8}{'missed':>8}")
    for way in sorted(set(found.truth.values())):
        pairs = sum(1 for known in found.truth.values() if known == way)
        print(f"{way:22}{pairs:>8}{found.found(way):>8}{pairs - found.found(way):>8}")
    total = len(found.truth)
    print(f"{'all':22}{total:>8}{total - len(found.missed):>8}{len(found.missed):>8}")
    print(f"\n{'what was said by':22}{'sure':>8}{'right':>8}{'wrong':>8}")
    for how in sorted(set(found.said.values())):
        right = sum(1 for pair, known in found.said.items() if known == how and pair in found.truth)
        wrong = sum(1 for known in found.wrong.values() if known == how)
        print(f"{how[0]:22}{how[1]:>8}{right:>8}{wrong:>8}")
    print(f"\nflow records: {dict(sorted(found.records.items()))}")


def sweep(network: Network) -> None:
    print(f"{'window':>8}{'right':>8}{'wrong':>8}{'missed':>8}{'records right':>16}{'wrong':>8}{'missed':>8}")
    for minutes in WINDOWS:
        found = score(network, timedelta(minutes=minutes))
        right = len(found.truth) - len(found.missed)
        counts = "".join(
            f"{found.records[word]:>{width}}" for word, width in (("right", 16), ("wrong", 8), ("missed", 8))
        )
        print(f"{minutes:>6} m{right:>8}{len(found.wrong):>8}{len(found.missed):>8}{counts}")


def main(arguments: list[str]) -> None:
    seeds = [int(argument) for argument in arguments if argument.isdigit()] or [1]
    for seed in seeds:
        network = Network(seed)
        if "--windows" in arguments:
            sweep(network)
        else:
            show(score(network))


if __name__ == "__main__":
    main(sys.argv[1:])
