"""Single files of a repository, out of a commit: policy, owners, ownership evidence."""

import re
import subprocess

from shadowscan.errors import BadInputError, ShadowscanError
from shadowscan.git.history import head_tree
from shadowscan.git.name import name_from_folder, name_from_remote
from shadowscan.git.objects import read_objects
from shadowscan.git.repository import Repository, is_url, open_repository, safe_environment

_CATALOG = re.compile(r"^(?:.*/)?catalog-info\.ya?ml$")
# A host reads the first of its places that has one.
_CODEOWNERS = tuple(f"{folder}CODEOWNERS" for folder in (".github/", "", "docs/", ".gitlab/", ".bitbucket/"))


def has_commit(location: str, ref: str) -> bool:
    """Whether the commit that `ref` names is in this clone."""
    with open_repository(location) as repository:
        return bool(_commit(repository, ref))


def read_file(location: str, ref: str, path: str) -> bytes | None:
    """Content of `path` in commit `ref`, links inside the tree followed; None where there is no such commit or file.

    Raises `BadInputError` where that commit has a link there that leads out of the repository.
    """
    with open_repository(location) as repository:
        commit = _commit(repository, ref)
        if not commit or "\n" in path:
            return None
        call = repository.command("cat-file", "--batch", "--follow-symlinks")
        asked = f"{commit}:{path}\n".encode("utf-8", "surrogateescape")
        done = subprocess.run(call, input=asked, capture_output=True, env=safe_environment(), check=False)
    head, _, rest = done.stdout.partition(b"\n")
    if head.startswith(b"symlink "):
        raise BadInputError(f"{path} is a link out of the repository in {ref}", hint="give the file it leads to")
    is_file = head.split(b" ")[1:2] == [b"blob"]
    return rest[: int(head.split(b" ")[2])] if is_file else None


def read_folder(location: str, ref: str, folder: str) -> dict[str, bytes]:
    """Content by path from `folder` of all files below it in commit `ref`; none where it has no such folder."""
    with open_repository(location) as repository:
        prefix = "" if folder == "." else f"{folder}/"
        commit = _commit(repository, ref)
        tree = head_tree(repository, commit) if commit else {}
        inside = {path.removeprefix(prefix): id for path, id in sorted(tree.items()) if path.startswith(prefix)}
        contents = {name: _read(repository, id) for name, id in inside.items()}
    return {name: data for name, data in contents.items() if data is not None}


def ownership_files(location: str, ref: str) -> list[tuple[str, bytes]]:
    """Path and content of its CODEOWNERS and of `catalog-info.yaml` files in commit `ref`; none where nothing is
    committed.
    """
    with open_repository(location) as repository:
        tree = head_tree(repository, ref or "HEAD")
        named = next((path for path in _CODEOWNERS if path in tree), None)
        found = {path: id for path, id in tree.items() if path == named or _CATALOG.match(path)}
        contents = {path: _read(repository, id) for path, id in sorted(found.items())}
    return [(path, data) for path, data in contents.items() if data is not None]


def repo_name(location: str, override: str) -> str:
    """`--repo`, else the remote's owner/name in lower case, else the folder's name."""
    if override:
        return override
    if is_url(location):
        return name_from_remote(location) or name_from_folder(location)
    try:
        with open_repository(location) as repository:
            return name_from_remote(_remote(repository)) or name_from_folder(str(repository.worktree or location))
    except ShadowscanError:
        return name_from_folder(location)


def _commit(repository: Repository, ref: str) -> str:
    return repository.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")


def _remote(repository: Repository) -> str:
    origin = repository.line("config", "--get", "remote.origin.url")
    if origin:
        return origin
    names = repository.line("remote").split()
    return repository.line("config", "--get", f"remote.{names[0]}.url") if names else ""


def _read(repository: Repository, object_id: str) -> bytes | None:
    return next((data for _, data in read_objects(repository, [object_id] if object_id else [])), None)
