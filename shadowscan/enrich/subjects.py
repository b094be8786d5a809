"""Subjects: one row a workload, machine or repository, and every name it goes by at a time.

Vendor accounts are known once spend is; `owner.apply` adds whatever subject a view names and this step has not.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.holders import Sight, by_address, intervals, load_assets, load_sights
from shadowscan.store.rows import insert_rows

Row = dict[str, Any]

_CLIENTS = """
    select distinct account_id, vpc_id, client_ip
    from (
      select distinct account_id, vpc_id, client_ip
      from flow
      union all
      select distinct account_id, vpc_id, client_ip
      from dns_query
      union all
      select distinct account_id, vpc_id, client_ip
      from tls_connection
    )
    where client_ip <> 'unknown'
    order by account_id, vpc_id, client_ip
"""
_REPOS = "select distinct repo from repo_hit order by repo"


def build(context: EnrichContext) -> None:
    """Replace `subject` and `subject_link`; owner columns are filled by the owner step."""
    engine = context.store.engine
    grouped = by_address(load_sights(context, load_assets(context)))
    clients = [(str(row[0]), str(row[1]), str(row[2])) for row in context.store.query(_CLIENTS).rows]
    links = [*_address_links(grouped), *_homeless_links(clients, grouped), *_interface_links(grouped)]
    repos = [str(row[0]) for row in context.store.query(_REPOS).rows]
    links += [_link(repo, "repo", repo, (None, None), "repo_hit") for repo in repos]
    engine.query("delete from subject")
    engine.query("delete from subject_link")
    insert_rows(engine, "subject_link", _sorted(links))
    subjects = [*_held(grouped), *_plain(clients, grouped), *(subject_row(repo, "repo", repo) for repo in repos)]
    insert_rows(engine, "subject", _each_once(subjects))


def subject_row(subject_id: str, kind: str, label: str, account_id: str = "unknown", vpc_id: str = "unknown") -> Row:
    """A subject nobody is known to own yet."""
    return {
        "subject_id": subject_id,
        "kind": kind,
        "label": label,
        "account_id": account_id,
        "vpc_id": vpc_id,
        "team": "unknown",
        "owner_status": "unowned",
        "owner_confidence": 0.0,
        "decided_by": "nothing found",
        "owner_evidence": "[]",
    }


def _address_links(grouped: dict[tuple[str, str, str], list[Sight]]) -> Iterator[Row]:
    for place, sights in grouped.items():
        for sight, start, end in intervals(sights):
            yield _link(sight.subject_id, "address", "/".join(place), (start, end), sight.source)


def _homeless_links(
    clients: list[tuple[str, str, str]], grouped: dict[tuple[str, str, str], list[Sight]]
) -> Iterator[Row]:
    """Clients whose log has no VPC, where one network alone of that account has the address."""
    homes: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for place in grouped:
        homes[place[0], place[2]].append(place)
    for account_id, vpc_id, address in clients:
        known = homes.get((account_id, address), [])
        if vpc_id != "unknown" or len(known) != 1 or known[0][1] == "unknown":
            continue
        for sight, start, end in intervals(grouped[known[0]]):
            yield _link(sight.subject_id, "address", f"{account_id}/unknown/{address}", (start, end), sight.source)


def _interface_links(grouped: dict[tuple[str, str, str], list[Sight]]) -> Iterator[Row]:
    """Interfaces and instances by their ids; an interface of several unnamed workloads names none of them."""
    held: dict[tuple[str, str], list[Sight]] = defaultdict(list)
    for sights in grouped.values():
        for sight in sights:
            held["eni", sight.eni].append(sight)
            held["instance", sight.instance].append(sight)
    for (kind, value), sights in held.items():
        subjects = {sight.subject_id for sight in sights}
        if value and len(subjects) == 1:
            yield _link(sights[0].subject_id, kind, value, (None, None), sights[0].source)


def _held(grouped: dict[tuple[str, str, str], list[Sight]]) -> Iterator[Row]:
    for sights in grouped.values():
        for sight in sights:
            yield subject_row(sight.subject_id, sight.kind, sight.label, sight.account_id, sight.vpc_id)


def _plain(clients: list[tuple[str, str, str]], grouped: dict[tuple[str, str, str], list[Sight]]) -> Iterator[Row]:
    """Clients that nothing names better than their address."""
    for place in clients:
        if place not in grouped:
            yield subject_row("/".join(place), "workload", "", place[0], place[1])


def _link(subject_id: str, kind: str, value: str, valid: tuple[datetime | None, datetime | None], source: str) -> Row:
    return {
        "subject_id": subject_id,
        "kind": kind,
        "value": value,
        "valid_from": valid[0],
        "valid_until": valid[1],
        "source": source,
    }


def _sorted(links: list[Row]) -> list[Row]:
    return sorted(links, key=lambda row: (row["kind"], row["value"], str(row["valid_from"] or ""), row["subject_id"]))


def _each_once(rows: list[Row]) -> list[Row]:
    """One row a subject, a name for people before a part of the id, a known network before an unknown one."""
    best: dict[str, Row] = {}
    for row in sorted(rows, key=_best_first):
        best.setdefault(row["subject_id"], row)
    return list(best.values())


def _best_first(row: Row) -> tuple[str, bool, bool, bool, str, str]:
    subject_id, label, vpc_id = row["subject_id"], row["label"], row["vpc_id"]
    return (subject_id, not label, subject_id.endswith(label), vpc_id == "unknown", vpc_id, label)
