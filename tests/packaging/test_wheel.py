"""The wheel carries rules, reports and catalogue, and works in an empty environment from any folder."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_wheel_when_opened_then_packs_lie_inside_the_package_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name.startswith("shadowscan_audit-")
    assert "shadowscan/_packs/rules/egress/unapproved-vendor.yaml" in names
    assert "shadowscan/_packs/reports/attribution.yaml" in names
    assert {"shadowscan/catalog/_compiled.json", "shadowscan/catalog/vendors/openai.yaml"} <= set(names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"shadowscan", "shadowscan_audit"}


@pytest.mark.slow
def test_demo_when_installed_in_an_empty_environment_then_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    tool = tmp_path / "env" / "bin"
    subprocess.run([tool / "pip", "install", "-q", str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [tool / "shadowscan", "demo", "acme"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "egress.unapproved-vendor" in done.stdout or "OpenAI" in done.stdout
    assert (tmp_path / "acme" / "report.html").stat().st_size > 10_000
