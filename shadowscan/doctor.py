"""What `shadowscan doctor` looks at."""

import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shadowscan.config import CONFIG_NAMES, existing_file, load_config
from shadowscan.errors import ShadowscanError
from shadowscan.inputs import OWNERS_NAMES, find_policy, store_path
from shadowscan.own_vendors import open_catalog
from shadowscan.owners import load_owners
from shadowscan.policy import load_policy
from shadowscan.ruleset.load import load_pack
from shadowscan.store.reader import open_reader

FREE_MB = 500


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's answer."""

    what: str
    is_fine: bool
    detail: str


def check_all(db: str, config: str) -> Iterator[Check]:
    """Every check, in the order a new user would meet the trouble."""
    yield _git()
    yield _gate()
    yield _space()
    yield _try("catalogue", lambda: _catalog(config))
    yield _try("rules", lambda: f"{len(load_pack().rules)} rules")
    yield _try("config", lambda: _config(config))
    yield _try("policy", lambda: _policy(config))
    yield _try("owners", lambda: _owners(config))
    yield _try("store", lambda: _store(db, config))


def _try(what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what, True, look())
    except ShadowscanError as error:
        return Check(what, False, str(error))


def _git() -> Check:
    found = shutil.which("git")
    if not found:
        return Check("git", False, "not found; repositories cannot be scanned until it is installed")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return Check("git", True, version)


def _gate() -> Check:
    if importlib.util.find_spec("hyperscan"):
        return Check("hyperscan", True, "installed; history scans use it")
    return Check(
        "hyperscan", True, "not installed; scans are slower and find the same (pip install shadowscan-audit[fast])"
    )


def _space() -> Check:
    free = shutil.disk_usage(Path.cwd()).free // 1_000_000
    return Check("disk", free >= FREE_MB, f"{free:,} MB free here")


def _catalog(config: str) -> str:
    catalog = open_catalog(config)
    own = sum(vendor.is_own for vendor in catalog.vendors.values())
    return f"{len(catalog.vendors)} vendors, version {catalog.version}" + (f", {own} with your own entries" * bool(own))


def _config(config: str) -> str:
    path = existing_file(config, CONFIG_NAMES)
    return f"{len(load_config(path).sources)} sources in {path}" if path else "none here; defaults apply"


def _policy(config: str) -> str:
    policy = load_policy(find_policy(""), open_catalog(config).vendors)
    return f"{policy.file}" if policy.is_given else "none here; every vendor counts as unapproved, at medium"


def _owners(config: str) -> str:
    path = existing_file("", OWNERS_NAMES)
    owners = load_owners(path, open_catalog(config).vendors)
    return f"{len(owners.teams)} teams in {path}" if owners.is_given else "none here; tags, CODEOWNERS and git decide"


def _store(db: str, config: str) -> str:
    path = store_path(db, config)
    if not Path(path).exists():
        return f"none at {path} yet; the first scan makes it"
    reader = open_reader(path)
    reader.store.close()
    return f"{path} opens" + (f" (snapshot as of {reader.as_of})" if reader.as_of else "")
