"""`shadowscan demo DIR`, as a new user types it."""

import subprocess
import sys
from pathlib import Path


def test_demo_when_folder_is_relative_then_written_and_audited(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shadowscan", "demo", "acme"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "acme" / "report.html").is_file()
