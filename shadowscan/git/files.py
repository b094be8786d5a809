"""Single files of a repository, out of a commit: policy, owners, ownership evidence."""

import re

from shadowscan.errors import ShadowscanError
from shadowscan.git.history import head_tree
from shadowscan.git.name import name_from_folder, name_from_remote
from shadowscan.git.objects import read_objects
from shadowscan.git.repository import Repository, is_url, open_repository

_OWNERSHIP = re.compile(r"^(?:(?:\.github/|\.gitlab/|docs/)?CODEOWNERS|(?:.*/)?catalog-info\.ya?ml)$")


def read_file(location: str, ref: str, path: str) -> bytes | None:
    """Content of `path` in commit `ref`; None where that commit has no such file. Raises where there is no commit."""
    with open_repository(location) as repository:
        repository.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return _read(repository, head_tree(repository, ref).get(path, ""))


def read_folder(location: str, ref: str, folder: str) -> dict[str, bytes]:
    """Content by name of the files directly in `folder` in commit `ref`; none where it has no such folder."""
    with open_repository(location) as repository:
        repository.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        inside = {
            path.rpartition("/")[2]: id
            for path, id in sorted(head_tree(repository, ref).items())
            if path.rpartition("/")[0] == ("" if folder == "." else folder)
        }
        contents = {name: _read(repository, id) for name, id in inside.items()}
    return {name: data for name, data in contents.items() if data is not None}


def ownership_files(location: str, ref: str) -> list[tuple[str, bytes]]:
    """Path and content of CODEOWNERS and `catalog-info.yaml` files in commit `ref`; none where nothing is committed."""
    with open_repository(location) as repository:
        found = {p: id for p, id in head_tree(repository, ref or "HEAD").items() if _OWNERSHIP.match(p)}
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


def _remote(repository: Repository) -> str:
    origin = repository.line("config", "--get", "remote.origin.url")
    if origin:
        return origin
    names = repository.line("remote").split()
    return repository.line("config", "--get", f"remote.{names[0]}.url") if names else ""


def _read(repository: Repository, object_id: str) -> bytes | None:
    return next((data for _, data in read_objects(repository, [object_id] if object_id else [])), None)
