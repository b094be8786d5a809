"""What a commit hook runs: `python -m shadowscan.hook [options of scan]`, a scan of the change under test.

The pre-commit framework names a range before a push and with `--from-ref`; else the change is what is staged, and where
nothing is staged (`pre-commit run --all-files`) it is the whole tree, without history.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from shadowscan.cli import run
from shadowscan.errors import ShadowscanError, TargetError

# One author and date for all, so that the same content gives the same commit and dangling ones do not pile up.
_AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "shadowscan"), ("EMAIL", ""), ("DATE", "1700000000 +0000"))
}
_NO_PROGRAM = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Scan the change of the repository around the current folder; gives the exit code of `scan`."""
    try:
        root = Path(_git("rev-parse", "--show-toplevel"))
        change = find_change(environment)
    except ShadowscanError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    os.chdir(root)
    with TemporaryDirectory(prefix="shadowscan-hook-") as folder:
        store = ["--db", str(Path(folder) / "change.duckdb")]  # a hook leaves nothing behind in the repository
        return run(["scan", ".", "--diff", change, "--quiet", *store, *arguments])


def find_change(environment: Mapping[str, str]) -> str:
    """BASE..HEAD of the change. Staged content becomes a commit that no reference names, made without any hook."""
    start, end = environment.get("PRE_COMMIT_FROM_REF", ""), environment.get("PRE_COMMIT_TO_REF", "")
    if start and end:
        return f"{start}..{end}"
    tree, head = _git("write-tree"), _git("rev-parse", "--verify", "--quiet", "HEAD", may_fail=True)
    if head and _git("rev-parse", f"{head}^{{tree}}") != tree:
        return f"{head}..{_git('commit-tree', tree, '-p', head, '-m', 'staged')}"
    empty = _git("commit-tree", _git("mktree"), "-m", "empty")
    return f"{empty}..{_git('commit-tree', tree, '-m', 'whole tree')}"


def _git(*arguments: str, may_fail: bool = False) -> str:
    # The environment of the hook is kept: git names the index of a partial commit in it.
    call = ["git", *_NO_PROGRAM, *arguments]
    done = subprocess.run(call, capture_output=True, text=True, input="", env=os.environ | _AUTHOR, check=False)
    if done.returncode and not may_fail:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise TargetError(f"git {arguments[0]} failed: {reason}", hint="run the hook inside a git repository")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
