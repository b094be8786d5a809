"""What a repository names and the scan did not read is said by name."""

from pathlib import Path

from shadowscan.enrich.coverage import coverage
from tests.enrich.records import Network
from tests.git.repository import Repo, collect


def test_coverage_when_parts_of_a_repository_were_not_read_then_each_by_name(tmp_path: Path) -> None:
    repo = Repo.create(tmp_path / "repo")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n"
    repo.commit({"model.bin": pointer, "a.txt": "a"})
    Repo.create(repo.path / "inner")
    with (repo.path / "huge.bin").open("wb") as huge:
        huge.truncate(1 << 27)
    network = Network()
    collect(network.store, repo)

    found = {spot.blind_spot: spot.why for spot in coverage(network.context)}

    large = "1 files or objects are larger than 64 MB: huge.bin"
    assert found["large files not read"] == f"{repo.path}: {large}"
    assert "inner/; give each as a target of its own" in found["repositories inside not read"]
    assert "`git lfs pull`" in found["Git LFS content not read"]
    assert not any(title.startswith("records ") for title in found)
