"""The cheap answer is never wrong: what `is_clear` lets pass holds nothing, with hyperscan and without."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowscan.git.decode import FORMS, OTHER
from shadowscan.git.keep import open_scanner
from shadowscan.git.objects import CHUNK, list_objects
from shadowscan.git.repository import open_folder
from shadowscan.git.scan import KeyScanner, scan_objects
from shadowscan.secrets.identify import Identifier
from shadowscan.secrets.match import Matcher
from shadowscan.secrets.others import CANDIDATE, OtherSecrets
from tests.git.repository import OPTIONS, Repo
from tests.secrets.generate import formats, make_key

IDENTIFIER = Identifier("acme")
FAST = KeyScanner(Matcher(formats(), FORMS), IDENTIFIER)
PLAIN = KeyScanner(Matcher(formats(), FORMS, native=False), IDENTIFIER)
KEY = make_key("openai-project-key")


def percent(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D").replace("_", "%5F")


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


KEYS = st.builds(make_key, st.sampled_from([format.id for _, format in formats()]), st.integers(0, 1))
WRITTEN = st.one_of(KEYS, KEYS.map(percent), KEYS.map(lambda key: encoded(f"key: {key}\n")))
WORDS = st.sampled_from(["mistral", "COHERE", "kind: Secret", "azure_openai", "fal", "false", "xmistral", "=", '"'])
TEXT = st.lists(st.one_of(WRITTEN, WORDS, st.text(max_size=8)), max_size=8).flatmap(
    lambda parts: st.sampled_from(["\n", " ", "\r\n", "", ": "]).map(lambda gap: gap.join(parts))
)
CONTENT = TEXT.flatmap(lambda text: st.sampled_from(["utf-8", "utf-16", "utf-16-le"]).map(text.encode))


@given(CONTENT)
@settings(max_examples=150, deadline=None)
def test_is_clear_when_it_says_so_then_a_scan_finds_nothing(data: bytes) -> None:
    if FAST.is_clear(memoryview(data)):
        assert FAST.scan(data) == []


@given(CONTENT)
@settings(max_examples=100, deadline=None)
def test_scan_when_hyperscan_is_missing_then_the_same_hits_in_every_form(data: bytes) -> None:
    assert PLAIN.scan(data) == FAST.scan(data)
    assert PLAIN.is_clear(memoryview(data)) <= (not FAST.scan(data))


@given(st.lists(CONTENT, min_size=1, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scan_objects_when_contents_stand_side_by_side_then_each_has_its_own_hits(
    repo: Repo, contents: list[bytes]
) -> None:
    ids = [repo.git("hash-object", "-w", "--stdin", data=content) for content in contents]
    opened = open_folder(str(repo.path))
    listed = [entry for entry in list_objects(opened).objects if entry.id in ids]
    found = scan_objects(opened, FAST, listed).hits
    alone = {id: FAST.scan(content) for id, content in zip(ids, contents, strict=True)}
    assert found == {id: hits for id, hits in alone.items() if hits}


@pytest.mark.parametrize("before", [CHUNK - 200, CHUNK - 50, CHUNK - 9, CHUNK, CHUNK + 1, 2 * CHUNK - 20])
def test_scan_objects_when_a_key_lies_across_the_edge_of_the_buffer_then_found(repo: Repo, before: int) -> None:
    content = b"x" * before + b" " + KEY.encode()
    id = repo.git("hash-object", "-w", "--stdin", data=content)
    repo.git("hash-object", "-w", "--stdin", data=b"A" * 40)
    opened = open_folder(str(repo.path))
    scan = scan_objects(opened, FAST, list_objects(opened).objects)
    assert [(found, [hit.line for hit in hits]) for found, hits in scan.hits.items()] == [(id, [1])]


def test_scan_objects_when_half_a_key_ends_one_blob_and_half_begins_the_next_then_nothing(repo: Repo) -> None:
    for half in (KEY[:40], KEY[40:]):
        repo.git("hash-object", "-w", "--stdin", data=half.encode())
    opened = open_folder(str(repo.path))
    assert scan_objects(opened, FAST, list_objects(opened).objects).hits == {}


def test_is_clear_when_other_secrets_are_asked_for_then_their_anchors_are_signs() -> None:
    data = memoryview(b"token = ghp_" + b"a1B2" * 9)
    assert FAST.is_clear(data)
    scanner = KeyScanner(Matcher(formats(), FORMS | {OTHER: CANDIDATE}), IDENTIFIER, OtherSecrets())
    assert not scanner.is_clear(data)
    assert [hit.kind for hit in scanner.scan(bytes(data))] == ["other_secret"]


def test_open_scanner_when_the_catalogue_is_asked_then_its_formats_are_found() -> None:
    [hit] = open_scanner(OPTIONS).scan(f"K={KEY}".encode())
    assert (hit.vendor_id, hit.line, hit.mask[:8]) == ("openai", 1, KEY[:8])
