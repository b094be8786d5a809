"""Every sample is recognised as its own format, surely and by none as surely, and look-alikes by no format.

The samples say themselves what they are: a file of `tests/samples` begins with the id of its format or container, and
what lies in `tests/samples/look_alikes` is of none. A new format needs a sample, and no edit here.
"""

from pathlib import Path

import pytest

from shadowscan.collect.compression import open_object
from shadowscan.collect.containers import load_containers
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.recognise import SURE_ENOUGH, Unrecognised, load_formats, recognise
from shadowscan.collect.unwrap import find_container
from tests.collect.conftest import SAMPLES

FORMATS = sorted(load_formats())
CONTAINERS = sorted(container.id for container in load_containers())
FILES = sorted(path for path in SAMPLES.iterdir() if path.is_file())
LOOK_ALIKES = sorted((SAMPLES / "look_alikes").iterdir())


def unit_of(path: Path) -> str:
    """The longest id that the file's name begins with, as a whole word; empty where there is none."""
    stem = path.name.partition(".")[0]
    return max((one for one in (*FORMATS, *CONTAINERS) if f"{stem}_".startswith(f"{one}_")), key=len, default="")


def head_of(path: Path, folder: Path) -> Head:
    return open_object(path, path.name, folder / "opened").head


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", FILES, ids=named)
def test_sample_when_recognised_then_as_its_own_format(path: Path, tmp_path: Path) -> None:
    head = head_of(path, tmp_path)

    found = find_container(head) or recognise(head)

    assert not isinstance(found, Unrecognised), found
    assert found.id == unit_of(path)


@pytest.mark.parametrize("path", LOOK_ALIKES, ids=named)
def test_look_alike_when_recognised_then_no_format_takes_it(path: Path, tmp_path: Path) -> None:
    head = head_of(path, tmp_path)

    assert [found.id for found in load_formats().values() if found.sniff(head) >= SURE_ENOUGH] == []
    assert find_container(head) is None


@pytest.mark.parametrize("unit", FORMATS)
def test_format_when_loaded_then_it_has_a_sample(unit: str) -> None:
    assert any(unit_of(path) == unit for path in FILES), f"add tests/samples/{unit}.… with a few real-shaped records"
