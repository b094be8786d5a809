"""A company's own vendor entries: what they add, what they take, and what they may not."""

from pathlib import Path

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.catalog.update import update_own
from shadowscan.errors import ConfigError, TargetError

ACME = "# ours\nid: acme\nname: Acme\ncategory: chat\nhosts: [chat.acme.example]\n"


def own(folder: Path, text: str, name: str = "acme.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_catalogue_when_own_folder_is_empty_or_missing_then_what_ships(tmp_path: Path) -> None:
    assert load_catalog(tmp_path) is load_catalog(tmp_path / "none") is load_catalog()


def test_own_entry_when_edited_between_two_loads_then_seen(tmp_path: Path) -> None:
    first = load_catalog(own(tmp_path, ACME))
    second = load_catalog(own(tmp_path, ACME.replace("chat.acme", "talk.acme")))

    assert first.match("chat.acme.example").vendor_id == second.match("talk.acme.example").vendor_id == "acme"
    assert second.match("chat.acme.example").vendor_id is None
    assert first.digest != second.digest


def test_own_entry_when_it_lists_a_shipped_host_then_takes_that_one_only(tmp_path: Path) -> None:
    taking = ACME.replace("[chat.acme.example]", "[{pattern: status.openai.com, surface: shared, service: relay}]")
    catalog = load_catalog(own(tmp_path, taking))

    assert (catalog.match("status.openai.com").vendor_id, catalog.match("status.openai.com").surface) == (
        "acme",
        "shared",
    )
    assert catalog.match("us.api.openai.com").vendor_id == catalog.match("chatgpt.com").vendor_id == "openai"
    assert catalog.vendor("acme").is_own and not catalog.vendor("openai").is_own


def test_own_entry_when_it_has_a_shipped_id_then_added_to_what_ships(tmp_path: Path) -> None:
    text = (
        "id: openai\nname: OpenAI at Acme\ncategory: chat\n"
        "hosts: [openai.acme.example, {pattern: eu.api.openai.com, surface: shared, service: shared}]\n"
        "packages: {pypi: [acme-openai]}\n"
    )

    catalog = load_catalog(own(tmp_path, text, "openai.yaml"))
    openai, shipped = catalog.vendor("openai"), load_catalog().vendor("openai")

    assert (openai.name, openai.category, openai.jurisdiction) == ("OpenAI at Acme", "chat", shipped.jurisdiction)
    assert catalog.match("openai.acme.example").vendor_id == catalog.match("us.api.openai.com").vendor_id == "openai"
    assert catalog.match("eu.api.openai.com").surface == "shared"
    assert {("pypi", "acme-openai"), ("pypi", "openai")} <= set(openai.packages)
    assert openai.key_formats == shipped.key_formats and len(openai.hosts) == len(shipped.hosts) + 1


@pytest.mark.parametrize(
    ("host", "word"),
    [
        (
            "{pattern: anthropic.com, match: suffix, surface: web, service: app, holds: [x]}",
            "swallow hosts of anthropic",
        ),
        ("{pattern: ai.azure.com, match: exact}, {pattern: azure.com, match: suffix}", "swallow hosts of azure-openai"),
        ("{pattern: github.io, match: suffix}", "public suffix"),
        ("{pattern: amazonaws.com, match: suffix, own_suffix: true, surface: shared}", "public suffix"),
    ],
)
def test_own_entry_when_a_suffix_is_too_wide_then_refused_with_its_line(tmp_path: Path, host: str, word: str) -> None:
    own(tmp_path, ACME.replace("[chat.acme.example]", f"[{host}]"))

    with pytest.raises(ConfigError, match=word) as refused:
        load_catalog(tmp_path)

    assert refused.value.location is not None
    assert (refused.value.location.file, refused.value.location.line) == (str(tmp_path / "acme.yaml"), 5)


def test_own_entry_when_a_wide_suffix_says_whom_it_holds_then_nested_hosts_stay_theirs(tmp_path: Path) -> None:
    host = "{pattern: livekit.cloud, match: suffix, surface: shared, service: rooms, holds: [livekit, openai]}"

    catalog = load_catalog(own(tmp_path, ACME.replace("[chat.acme.example]", f"[{host}]")))

    assert catalog.match("acme.livekit.cloud").vendor_id == "acme"
    assert catalog.match("chatgpt.livekit.cloud").vendor_id == "openai"


def test_own_entries_when_two_say_the_same_then_refused(tmp_path: Path) -> None:
    own(tmp_path, ACME)
    own(tmp_path, ACME, "again.yaml")

    with pytest.raises(ConfigError, match=r"acme stands in .*acme.yaml too"):
        load_catalog(tmp_path)

    own(tmp_path, ACME.replace("id: acme", "id: other"), "again.yaml")
    with pytest.raises(ConfigError, match=r"chat.acme.example \(exact\) stands in other too"):
        load_catalog(tmp_path)


def test_update_when_run_twice_then_added_then_unchanged_and_comments_kept(tmp_path: Path) -> None:
    source = own(tmp_path / "given", ACME) / "acme.yaml"

    actions = [update_own(source, tmp_path / "own")[0].action for _ in range(2)]

    assert actions == ["added", "unchanged"]
    assert (tmp_path / "own" / "acme.yaml").read_text() == ACME
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["acme.yaml"]


def test_update_when_an_entry_changed_then_says_what(tmp_path: Path) -> None:
    update_own(own(tmp_path / "given", ACME), tmp_path / "own")
    own(tmp_path / "given", ACME.replace("[chat.acme.example]", "[api.openai.com]").replace("Acme", "ACME"))

    (change,) = update_own(tmp_path / "given", tmp_path / "own")

    assert (change.action, change.hosts) == ("changed", 1)
    assert change.notes.startswith("new hosts api.openai.com; no longer chat.acme.example; other name")


def test_update_when_one_of_many_is_wrong_then_nothing_is_written(tmp_path: Path) -> None:
    given = own(tmp_path / "given", ACME)
    own(given, ACME.replace("id: acme", "id: other").replace("chat:", "chat").replace("hosts", "hots"), "other.yaml")

    with pytest.raises(ConfigError, match=r"other.yaml:5: unknown key 'hots'; did you mean 'hosts'?"):
        update_own(given, tmp_path / "own")

    assert not (tmp_path / "own").exists()


def test_update_when_it_contends_with_an_earlier_entry_then_refused(tmp_path: Path) -> None:
    update_own(own(tmp_path / "given", ACME), tmp_path / "own")
    own(tmp_path / "given", ACME.replace("id: acme", "id: other"))

    with pytest.raises(ConfigError, match="stands in acme too"):
        update_own(tmp_path / "given", tmp_path / "own")


@pytest.mark.parametrize("make", [False, True])
def test_update_when_nothing_is_there_to_take_then_says_so(tmp_path: Path, make: bool) -> None:
    if make:
        (tmp_path / "given").mkdir()

    with pytest.raises(TargetError):
        update_own(tmp_path / "given", tmp_path / "own")


def test_own_entry_when_several_things_are_wrong_then_all_are_said_at_once(tmp_path: Path) -> None:
    hosts = ["co.uk", "github.io", "com", "openai.com"]
    listed = "".join(f"  - {{pattern: {host}, match: suffix}}\n" for host in hosts)
    (tmp_path / "bad.yaml").write_text(f"id: bad\nnam: Bad\ncategory: chat\nhosts:\n{listed}")
    with pytest.raises(ConfigError) as refused:
        load_catalog(tmp_path)
    said = str(refused.value)
    for words in (
        "unknown key 'nam'",
        "name is missing",
        "co.uk is a public suffix",
        "github.io is a public suffix",
        "com is a public suffix",
        "openai.com would swallow hosts of openai",
    ):
        assert words in said, said
