"""What `shadowscan doctor` looks at."""

import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shadowscan.catalog import load_catalog
from shadowscan.config import load_config
from shadowscan.errors import ShadowscanError
from shadowscan.inputs import CONFIG_NAMES, OWNERS_NAMES, existing_file, find_policy, store_path
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
    yield _try("catalogue", lambda: f"{len(load_catalog().vendors)} vendors, version {load_catalog().version}")
    yield _try("rules", lambda: f"{len(load_pack().rules)} rules")
    yield _try("config", lambda: _config(config))
    yield _try("policy", _policy)
    yield _try("owners", _owners)
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


def _config(config: str) -> str:
    path = existing_file(config, CONFIG_NAMES)
    return f"{len(load_config(path).sources)} sources in {path}" if path else "none here; defaults apply"


def _policy() -> str:
    policy = load_policy(find_policy(""), load_catalog().vendors)
    return f"{policy.file}" if policy.is_given else "none here; every vendor counts as unapproved, at medium"


def _owners() -> str:
    path = existing_file("", OWNERS_NAMES)
    owners = load_owners(path, load_catalog().vendors)
    return f"{len(owners.teams)} teams in {path}" if owners.is_given else "none here; tags, CODEOWNERS and git decide"


def _store(db: str, config: str) -> str:
    path = store_path(db, config)
    if not Path(path).exists():
        return f"none at {path} yet; the first scan makes it"
    reader = open_reader(path)
    reader.store.close()
    return f"{path} opens" + (f" (snapshot as of {reader.as_of})" if reader.as_of else "")
