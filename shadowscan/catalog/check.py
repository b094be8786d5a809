"""Upkeep of the vendor files: `python -m shadowscan.catalog.check [FILE…] [--list HOSTS]`, which `make catalog-check`
runs.

Errors (exit 1) are what a file may not have; notices are what somebody should look at one day. With a list of hosts the
coverage of it is told instead. A clean run over all files writes the artefact that makes starts quick.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shadowscan.catalog.check_vendor import Surroundings, vendor_errors, vendor_notices
from shadowscan.catalog.coverage import coverage_lines, measure
from shadowscan.catalog.entry import VendorEntry
from shadowscan.catalog.loader import compile_catalog, load_catalog, shipped_files
from shadowscan.catalog.public_suffix import public_suffixes
from shadowscan.catalog.read import read_entry, read_quickly
from shadowscan.documents import Problem
from shadowscan.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found; `errors` fail it."""

    errors: list[Problem]
    notices: list[Problem]


def check_files(files: Sequence[Path], today: date) -> Report:
    """Everything wrong in the given vendor files, read beside all shipped ones."""
    entries = {file: read_quickly(file, file.read_bytes()) for file in shipped_files()}
    asked = {file.resolve() for file in files}
    wanted = [file for file in entries if file.resolve() in asked]
    found = _report(entries, wanted, today)
    wrong = {problem.place.file for problem in found.errors}
    for file in wanted:
        if str(file) in wrong or len(wanted) < len(entries):
            entries[file] = read_entry(file)  # again, with lines
    return _report(entries, wanted, today)


def _report(entries: dict[Path, VendorEntry], wanted: Sequence[Path], today: date) -> Report:
    around = Surroundings.of(entries.values(), load_catalog())
    return Report(
        [problem for file in wanted for problem in vendor_errors(file, entries[file], around)],
        [problem for file in wanted for problem in vendor_notices(entries[file], around, today)],
    )


def main(arguments: Sequence[str]) -> int:
    """Check the files given, all where none is; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="catalog-check", description="Check the vendor files of the catalogue.")
    parser.add_argument("files", nargs="*", type=Path, help="only these, with their notices")
    parser.add_argument("--list", type=Path, help="tell how much of a list of hosts is known, instead")
    asked = parser.parse_args(arguments)
    try:
        return _cover(asked.list) if asked.list else _check(asked.files)
    except (ConfigError, OSError) as refused:
        sys.stdout.write(f"{refused}\n")
        return 1


def _check(files: Sequence[Path]) -> int:
    wanted = files or shipped_files()
    report = check_files(wanted, date.today())  # noqa: DTZ011 - a day is all that is asked
    for problem in report.errors:
        sys.stdout.write(f"{problem.place}: {problem.message}\n")
    if files:
        sys.stdout.writelines(f"{notice.place}: notice: {notice.message}\n" for notice in report.notices)
    sys.stdout.write(f"{len(wanted)} files, {len(report.errors)} errors, {len(report.notices)} notices\n")
    if not report.errors and not files:
        compile_catalog()
    return 1 if report.errors else 0


def _cover(path: Path) -> int:
    with path.open(encoding="utf-8", errors="replace") as lines:
        found = measure(lines, load_catalog(), public_suffixes())
    sys.stdout.writelines(f"{line}\n" for line in coverage_lines(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
