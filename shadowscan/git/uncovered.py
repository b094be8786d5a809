"""What a repository names and this scan does not read, by kind: the coverage says it, nothing is silently clean."""

from collections.abc import Mapping

from shadowscan.git.name import printable
from shadowscan.git.repository import Repository
from shadowscan.git.scan import ObjectScan


def uncovered(repository: Repository, scan: ObjectScan, tree: Mapping[str, str], ref: str) -> dict[str, list[str]]:
    """Names by kind of `coverage_note`: LFS pointers, too large ones, missing ones, parts of archives, submodules."""
    return {
        "lfs": scan.lfs,
        "oversize": scan.oversize,
        "missing_object": scan.missing,
        "archive": _archives(scan, tree),
        "submodule": _submodules(repository, ref),
    }


def _archives(scan: ObjectScan, tree: Mapping[str, str]) -> list[str]:
    paths = {id: path for path, id in sorted(tree.items(), reverse=True)} if scan.refused else {}
    named = ((paths.get(id, id[:12]), reasons) for id, reasons in scan.refused.items())
    return sorted(f"{path}: {reason}" for path, reasons in named for reason in reasons)


def _submodules(repository: Repository, ref: str) -> list[str]:
    """Paths of the submodules in `ref`: each is a repository of its own, to be given as a target of its own."""
    listed = repository.text("ls-tree", "-r", "-z", "--full-tree", ref, check=False).split(b"\0")
    return sorted(printable(record.partition(b"\t")[2]) for record in listed if record.startswith(b"160000 "))
