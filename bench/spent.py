"""What a command spends: CPU of it and all its children, wall, and the largest resident set among them."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds and megabytes; `code` is the exit code."""

    cpu: float
    wall: float
    megabytes: float
    code: int = 0


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Spent:
    """Run a command whose output nobody reads."""
    begun = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=folder
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, process.returncode)


def least(spent: Sequence[Spent]) -> Spent:
    """The least of several runs, each figure by itself; on a shared machine whatever is above it is others' doing."""
    return Spent(
        cpu=min(each.cpu for each in spent),
        wall=min(each.wall for each in spent),
        megabytes=median(each.megabytes for each in spent),
        code=max(each.code for each in spent),
    )
