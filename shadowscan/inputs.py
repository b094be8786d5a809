"""What a run is given: the request as typed, and the files people wrote, read once before anything runs."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from shadowscan.base_files import BaseFiles, open_base_files
from shadowscan.catalog import Catalog, load_catalog
from shadowscan.config import CONFIG_NAMES, Config, existing_file, load_config
from shadowscan.engines.duckdb import Limits, parse_memory
from shadowscan.errors import TargetError, UsageError
from shadowscan.history.baseline import parse_baseline
from shadowscan.model.window import Window
from shadowscan.own_vendors import vendor_folder
from shadowscan.owners import Owners, load_owners
from shadowscan.policy import Policy, load_policy
from shadowscan.ruleset.load import RulePack, load_pack
from shadowscan.ruleset.run import RuleInputs
from shadowscan.ruleset.select import select_rules
from shadowscan.store.connection import Store

DEFAULT_DB = ".shadowscan/shadowscan.duckdb"
POLICY_NAMES = ("policy.yaml", "policy.yml")
OWNERS_NAMES = ("owners.yaml", "owners.yml")


@dataclass(frozen=True, slots=True)
class Request:
    """One run as asked for on the command line. Empty means "not given"."""

    targets: tuple[str, ...] = ()
    policy: str = ""
    owners: str = ""
    config: str = ""
    db: str = ""
    rules: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    window: Window = field(default_factory=Window)
    baseline: str = ""
    diff: str = ""
    repo: str = ""
    all_secrets: bool = False
    redact_people: bool = False
    engine: str = "duckdb"
    memory: str = ""
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read and checked: a run that starts with these will not stop for a typing error."""

    request: Request
    run_id: str
    started_at: datetime
    targets: tuple[str, ...]
    db: str
    limits: Limits
    catalog: Catalog
    policy: Policy
    owners: Owners
    config: Config
    pack: RulePack
    selected: tuple[str, ...]
    rule_inputs: RuleInputs
    baseline: frozenset[str]


def read_inputs(request: Request) -> Inputs:
    """Read policy, owners, config, rules and baseline; raises `ConfigError` or `UsageError` before anything runs."""
    if request.diff and ".." not in request.diff:
        raise UsageError(f"--diff {request.diff!r} is not a range", hint="write it as BASE..HEAD")
    with open_base_files(request.diff, request.targets) as files:
        return _read(request, files)


def _read(request: Request, files: BaseFiles) -> Inputs:
    config = load_config(files.locate(request.config, CONFIG_NAMES), files.find)
    catalog = load_catalog(vendor_folder(config, files.find_folder))
    policy = load_policy(files.locate(request.policy, POLICY_NAMES), catalog.vendors, files.find)
    owners = load_owners(files.locate(request.owners, OWNERS_NAMES), catalog.vendors, files.find)
    pack = load_pack([found for place in request.rules if (found := _rules(Path(place), files)) is not None])
    db = request.db or config.settings.db or DEFAULT_DB
    files.refuse_own(Path(db))
    started_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return Inputs(
        request=request,
        run_id=new_run_id(started_at),
        started_at=started_at,
        targets=request.targets or tuple(source.target for source in config.sources),
        db=db,
        limits=_limits(request, config),
        catalog=catalog,
        policy=policy,
        owners=owners,
        config=config,
        pack=pack,
        selected=select_rules(pack, request.select, request.ignore),
        rule_inputs=RuleInputs.of(policy, owners),
        baseline=_baseline(request, files),
    )


def new_run_id(started_at: datetime) -> str:
    """A sortable id that two runs in one second do not share."""
    salt = hashlib.sha256(str(datetime.now(UTC).timestamp()).encode()).hexdigest()[:6]
    return f"{started_at:%Y%m%dT%H%M%SZ}-{salt}"


def store_path(db: str, config: str) -> str:
    """The store a command speaks of: `--db`, else the configured one, else the default."""
    return db or load_config(existing_file(config, CONFIG_NAMES)).settings.db or DEFAULT_DB


def open_for_upkeep(db: str, config: str, memory: str) -> Store:
    """The store opened for writing by a command that does not judge; raises `TargetError` when there is none."""
    path = store_path(db, config)
    if not Path(path).exists():
        raise TargetError(f"there is no store at {path}", hint="pass --db FILE")
    return Store.open(path, Limits(memory_mb=parse_memory(memory or "2GB")))


def policy_to_edit(given: str) -> Path:
    """The policy file that suppressions and triage are written to; one is begun in this folder where none is."""
    path = find_policy(given) if not given or Path(given).exists() else Path(given)
    return path or Path(POLICY_NAMES[0])


def owners_to_edit(given: str) -> Path:
    """The owners file that a disputed owner is written to; one is begun in this folder where none is."""
    if given:
        return Path(given)
    return existing_file("", OWNERS_NAMES) or Path(OWNERS_NAMES[0])


def find_policy(given: str) -> Path | None:
    """The policy file a command speaks of: the one given, else policy.yaml in this folder."""
    return existing_file(given, POLICY_NAMES)


def _limits(request: Request, config: Config) -> Limits:
    memory = parse_memory(request.memory or config.settings.memory or "2GB")
    return Limits(memory_mb=memory, threads=request.threads or config.settings.threads or 2)


def _rules(place: Path, files: BaseFiles) -> Path | None:
    return files.find(place) if place.is_file() else files.find_folder(place)


def _baseline(request: Request, files: BaseFiles) -> frozenset[str]:
    path = files.find(files.locate(request.baseline, ()) or Path()) if request.baseline else None
    if path is None:
        return frozenset()
    return frozenset(entry["fingerprint"] for entry in parse_baseline(path.read_text("utf-8"), request.baseline))
