"""Owners against known truth: a company of 5,000 workloads, each kind of evidence left out in turn.

`python -m bench.owners truth [WORKLOADS]`. Every workload has one team that answers for it. Around it stands what a
company really has: tags on six in ten, some misspelt, old or with a person's address; names that outlived a move;
accounts and subnets mostly of one team; code owners, components, namespaces; the person who touched it last. Each says
the wrong team now and then, as in `SAYS`. The shares are assumptions written down, not measurements of a company.
Right, wrong and conflict are about the team shown; of conflicts the last column says how many show the right one.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from bench.traffic import START
from shadowscan.catalog import load_catalog
from shadowscan.config import Config
from shadowscan.enrich import networks, seen, subjects
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.build import decide
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.schema import load_tables
from shadowscan.store.connection import MEMORY, Store
from shadowscan.store.rows import insert_rows

Row = dict[str, Any]
TEAMS = [f"team{number:02}" for number in range(40)]
# Share of workloads that have the evidence, and share of it that names the right team.
SAYS = {
    "owners.yaml entry": (0.03, 0.99),
    "tag": (0.60, 0.95),
    "component": (0.25, 0.97),
    "code owners": (0.40, 0.95),
    "name": (0.45, 0.93),
    "namespace label": (0.95, 0.96),
    "account": (0.50, 0.80),
    "interface's tag": (0.30, 0.92),
    "address range": (0.70, 0.80),
    "last committer": (0.20, 0.70),
}
KINDS = ("function", "instance", "service", "pod", "address")
SHARES = (30, 25, 20, 15, 10)
_UNNAMED = """
    select account_id || '/' || vpc_id || '/' || client_ip as subject_id
    from dns_query
    where client_ip not in (select address from sight)
"""


@dataclass(frozen=True)
class Workload:
    """One workload, the team that answers, and the team that each kind of evidence says, where it says any."""

    number: int
    kind: str
    team: str
    account: str
    says: dict[str, str]

    @property
    def subject_id(self) -> str:
        arn = f"arn:aws:{{}}:us-east-1:{self.account}:"
        return {
            "function": arn.format("lambda") + f"function:{self.name}",
            "instance": arn.format("ec2") + f"instance/i-{self.number:08x}",
            "service": arn.format("ecs") + f"service/main/{self.name}",
            "pod": f"{self.namespace}/Deployment/{self.name}",
            "address": f"{self.account}/{self.vpc}/{self.address}",
        }[self.kind]

    @property
    def name(self) -> str:
        return f"{self.says.get('name', 'job')}-{self.number}"

    @property
    def namespace(self) -> str:
        return f"k8s://main/space-{self.number // 4}-{self.says.get('namespace label', 'none')}"

    @property
    def vpc(self) -> str:
        return f"vpc-{self.account[-2:]}"

    @property
    def address(self) -> str:
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"


@dataclass
class Company:
    """Workloads made from a seed, the same every time."""

    workloads: int = 5000
    seed: int = 1
    made: list[Workload] = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - a company, not a key
        self.made = [self._workload(number) for number in range(self.workloads)]

    def _workload(self, number: int) -> Workload:
        random = self._random
        kind = random.choices(KINDS, SHARES)[0]
        # Accounts and ranges of sixteen are a team's own, in which others live now and then.
        home = Random(self.seed * 1000 + number // 16).choice(TEAMS)  # noqa: S311
        team = home if random.random() < 0.8 else random.choice(TEAMS)
        has_account = random.random() < SAYS["account"][0]
        says = {}
        for source, (share, right) in SAYS.items():
            if random.random() < share and _can_have(kind, source):
                says[source] = team if random.random() < right else random.choice(TEAMS)
        # What is said of an account or a range is said of all in it.
        says |= {"address range": home} if "address range" in says else {}
        says |= {"account": home} if has_account else {}
        return Workload(number, kind, team, f"4701000{int(has_account)}{TEAMS.index(home):04}", says)


def _can_have(kind: str, source: str) -> bool:
    if source == "account":
        return False  # said of the account, above
    if kind == "address":
        return source in ("owners.yaml entry", "address range")
    if kind == "pod":
        return source not in ("tag", "interface's tag", "component", "code owners", "last committer")
    return source != "namespace label"


def tag_value(team: str, number: int) -> str:
    """How a tag spells a team: as declared, by an alias, as a member's address, or not so that anybody knows."""
    if number % 10 == 1:
        return f"{team}-squad"
    if number % 20 == 2:
        return f"lead@{team}.example"
    return f"{team[:2]}{team[3:]}" if number % 50 == 3 else team


def score(company: Company, without: str = "") -> Counter[str]:
    """How many workloads are right, wrong, unowned, in conflict (right, wrong) with that evidence left out."""
    shown = [_without(workload, without) for workload in company.made]
    with Store.open(MEMORY) as store:
        said = _decided(store, shown)
    return Counter(_judged(said.get(workload.subject_id, ("unknown", "")), workload.team) for workload in shown)


def _without(workload: Workload, source: str) -> Workload:
    return replace(workload, says={key: team for key, team in workload.says.items() if key != source})


def _judged(said: tuple[str, str], team: str) -> str:
    if said[0] == "unknown":
        return "unowned"
    is_right = "right" if said[0] == team else "wrong"
    return f"conflict {is_right}" if said[1] == "conflict" else is_right


def _decided(store: Store, shown: list[Workload]) -> dict[str, tuple[str, str]]:
    """Subject → team and status, by the steps that an audit takes."""
    _insert(store, "asset", (row for workload in shown for row in _assets(workload)))
    _insert(store, "asset", _accounts(shown))
    _insert(store, "owner_claim", (row for workload in shown for row in _claims(workload)))
    _insert(store, "person", map(_person, range(len(TEAMS))))
    _insert(store, "dns_query", map(_question, shown))
    store.query("insert into dirty_day select distinct cast(queried_at as date) from dns_query")
    until = START + timedelta(days=30)
    context = EnrichContext(store, load_catalog(), Policy(), _owners(shown), Config(), until)
    for step in (seen, networks, subjects):
        step.build(context)
    subjects.add_missing(context, "select subject_id from subject_link where kind = 'address'")
    subjects.add_missing(context, _UNNAMED)
    decide(context, ())
    rows = store.query("select subject_id, team, owner_status from subject").rows
    return {subject_id: (team, status) for subject_id, team, status in rows}


def _insert(store: Store, table: str, rows: Iterable[Row]) -> None:
    """Rows with the declared defaults in place of what they leave out."""
    defaults = {column.name: column.default for column in load_tables()[table].columns}
    literals = {name: store.query(f"select {value or 'null'}").rows[0][0] for name, value in defaults.items()}
    insert_rows(store.engine, table, [{**literals, **row} for row in rows])


def _assets(workload: Workload) -> Iterator[Row]:
    """The resource with its tags, and the interface or pod at its address."""
    if workload.kind == "address":
        return
    says = workload.says
    tags = {"team": tag_value(says["tag"], workload.number)} if "tag" in says else {}
    if "last committer" in says:
        tags["git_last_modified_by"] = f"dev@{says['last committer']}.example"
    repo = f"acme/repo-{workload.number}" if "code owners" in says else "unknown"
    kind = "service" if workload.kind == "pod" else workload.kind
    yield _asset(workload, workload.subject_id, kind, tags, name=workload.name, repo=repo, parent_id=_parent(workload))
    if workload.kind == "pod":
        label = {"team": says["namespace label"]} if "namespace label" in says else {}
        yield _asset(workload, workload.namespace, "namespace", label)
    own = {"team": says["interface's tag"]} if "interface's tag" in says else {}
    at = {"address": workload.address, "parent_id": workload.subject_id}
    pod = f"{workload.namespace}/Pod/{workload.name}-0"
    place, held = (pod, "pod") if workload.kind == "pod" else (f"eni-{workload.number}", "eni")
    yield _asset(workload, place, held, own, **at)


def _parent(workload: Workload) -> str:
    return workload.namespace if workload.kind == "pod" else "unknown"


def _asset(workload: Workload, asset_id: str, kind: str, tags: dict[str, str], **more: str) -> Row:
    place = {"account_id": workload.account, "vpc_id": workload.vpc, "region": "us-east-1"}
    return {"source_id": 2, "line": workload.number, "asset_id": asset_id, "kind": kind,
            "tags": json.dumps(tags), **place, **more}  # fmt: skip


def _accounts(shown: list[Workload]) -> Iterator[Row]:
    """Tags of the accounts that have one."""
    said = {workload.account: workload.says["account"] for workload in shown if "account" in workload.says}
    for account, team in said.items():
        yield {"source_id": 2, "asset_id": account, "kind": "account", "account_id": account,
               "tags": json.dumps({"team": team})}  # fmt: skip


def _claims(workload: Workload) -> Iterator[Row]:
    says, row = workload.says, {"source_id": 3, "line": workload.number, "confidence": 0.85}
    if "component" in says:
        owner = {"evidence": "backstage", "key_kind": "resource", "value": f"group:default/{says['component']}"}
        yield {**row, **owner, "key": workload.subject_id}
    if "code owners" in says:
        owner = {"evidence": "codeowners", "key_kind": "repo_path", "value": f"@acme/{says['code owners']}"}
        yield {**row, **owner, "key": "*", "scope": f"acme/repo-{workload.number}", "ordinal": 1}
    if "address range" in says:
        owner = {"evidence": "netbox", "key_kind": "cidr", "value": says["address range"], "confidence": 0.55}
        yield {**row, **owner, "key": f"{workload.address}/32", "scope": f"{workload.account}/{workload.vpc}"}


def _person(number: int) -> Row:
    return {"source_id": 4, "line": number, "email": f"dev@{TEAMS[number]}.example", "name": f"Dev {number}",
            "team": TEAMS[number]}  # fmt: skip


def _question(workload: Workload) -> Row:
    return {"source_id": 1, "line": workload.number, "queried_at": START, "account_id": workload.account,
            "vpc_id": workload.vpc, "client_ip": workload.address, "region": "us-east-1",
            "qname": "api.openai.com"}  # fmt: skip


def _owners(shown: list[Workload]) -> Owners:
    teams = [{"name": team, "aliases": [f"{team}-squad"], "members": [f"lead@{team}.example"]} for team in TEAMS]
    source = "owners.yaml entry"
    named = [workload for workload in shown if source in workload.says]
    entries = [{"id": workload.subject_id, "team": workload.says[source]} for workload in named]
    return Owners.model_validate({"teams": teams, "resources": entries})


def table(company: Company) -> Iterator[str]:
    """A Markdown table: everything, then each kind of evidence left out, in percent of the workloads."""
    yield "| Left out | Right | Wrong | Unowned | Conflict | of these right |"
    yield "|---|---:|---:|---:|---:|---:|"
    for source in ("", *SAYS):
        yield line(source or "nothing", score(company, source), company.workloads)


def line(name: str, found: Counter[str], workloads: int) -> str:
    conflicts = found["conflict right"] + found["conflict wrong"]
    cells = [found["right"], found["wrong"], found["unowned"], conflicts, found["conflict right"]]
    return f"| {name} | " + " | ".join(f"{100 * cell / workloads:.1f} %" for cell in cells) + " |"
