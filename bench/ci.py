"""What a CI step costs: start-up, a change at a time, and the install before it.

Seconds are of this machine and its load; CPU is steadier. Run: `python -m bench.ci [REPOSITORY] [--install]`.
REPOSITORY is any checkout or bare clone, whose last changes are scanned one by one; without it one is made.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from bench.source_repository import make_repository

CHANGES = 20
ROOT = Path(__file__).parents[1]
TOOL = [sys.executable, "-m", "shadowscan"]
SCAN = [*TOOL, "scan", "--db", ":memory:", "-q", "--format", "github", "--select", "keys.*,code.*,gateway.*"]


def main(arguments: Sequence[str]) -> None:
    """Print every figure as `what: median, 95th percentile, CPU`."""
    places = [argument for argument in arguments if not argument.startswith("--")]
    for name, call in (("python -c pass", [sys.executable, "-c", "pass"]), *_help()):
        report(name, [spend(call) for _ in range(10)])
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(places[0]) if places else Path(folder) / "repo"
        if not places:
            make_repository(repository, 20_000_000)
        report(
            f"scan --diff, {CHANGES} changes", [spend([*SCAN, str(repository), *span]) for span in spans(repository)]
        )
        if "--install" in arguments:
            measure_install(Path(folder))


def _help() -> list[tuple[str, list[str]]]:
    return [("--version", [*TOOL, "--version"]), ("--help", [*TOOL, "--help"])]


def spans(repository: Path) -> list[list[str]]:
    """`--diff` of each of the newest changes, along the first parents."""
    call = ["git", "-C", str(repository), "rev-list", "--first-parent", f"--max-count={CHANGES + 1}", "HEAD"]
    listed = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
    return [["--diff", f"{older}..{newer}"] for newer, older in pairwise(listed)]


def measure_install(folder: Path) -> None:
    """A virtual environment with everything, first with pip's cache empty, then with it warm."""
    environment = os.environ | {"PIP_CACHE_DIR": str(folder / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for name in ("install, pip's cache empty", "install, pip's cache warm"):
        venv = folder / name.rpartition(" ")[2]
        install = [str(venv / "bin" / "pip"), "install", "-q", f"{ROOT}[fast]"]
        calls = [[sys.executable, "-m", "venv", str(venv)], install]
        report(name, [tuple(map(sum, zip(*(spend(call, environment) for call in calls), strict=True)))])


def spend(call: Sequence[str], environment: Mapping[str, str] = os.environ) -> tuple[float, float]:
    """Wall and CPU seconds of one process and its children; a finding (exit 1) is no failure."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(call, capture_output=True, env=environment, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - started, cpu


def report(name: str, spent: Sequence[tuple[float, ...]]) -> None:
    """One line: median and 95th percentile of the wall seconds, median of the CPU seconds."""
    wall, cpu = sorted(each[0] for each in spent), [each[1] for each in spent]
    high = wall[min(round(0.95 * len(wall)), len(wall) - 1)]
    print(f"{name}: {statistics.median(wall):.2f} s, p95 {high:.2f} s, {statistics.median(cpu):.2f} s CPU", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
