"""A repository and a store for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shadowscan.store.connection import Store
from tests.git.repository import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo.create(tmp_path / "repo")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened
