"""Prompts and answers are in no byte of a store: of every format that gives model calls, text is planted in its sample.

The samples say themselves where such text is: every string of a record that its format does not keep is replaced, and
new members of every name that people's words go by are put into every object. A new format is tested with no edit here.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.compression import open_object
from shadowscan.collect.plan import plan_targets
from shadowscan.collect.recognise import load_formats
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES

MARK = "prompt" + "-of-a-person-9137"
# Members that hold people's words, in any format, or a customer's own notes on a call.
BODIES = frozenset(
    {
        "messages", "prompt", "prompts", "content", "contents", "text", "input", "output", "response", "request",
        "completion", "choices", "system", "instructions", "body", "requestBody", "responseBody", "inputBodyJson",
        "outputBodyJson", "inputBodyS3Path", "requestMetadata", "metadata", "proxy_server_request", "errorMessage",
        "responseElements", "userAgent", "description", "error", "gen_ai.prompt", "gen_ai.completion",
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.call.arguments",
    }
)  # fmt: skip
SAMPLES_OF_CALLS = sorted(
    path
    for path in SAMPLES.iterdir()
    for unit in load_formats().values()
    if "model_call" in unit.tables and path.name.startswith(unit.id + ".")
)


def planted(value: Any) -> Any:
    """The document with the mark as, inside and beside whatever holds words; structs that hold counts too are kept."""
    if isinstance(value, list):
        are_attributes = value and all(isinstance(one, dict) and {"key", "value"} <= one.keys() for one in value)
        more = [{"key": name, "value": {"stringValue": MARK}} for name in sorted(BODIES)] if are_attributes else []
        return [planted(one) for one in value] + more
    if not isinstance(value, dict):
        return value
    found = {name: planted(one) for name, one in value.items()}
    for name in BODIES:
        here = found.get(name)
        found[name] = here | {"planted": MARK} if isinstance(here, dict) else [MARK] if isinstance(here, list) else MARK
    return found


def write_planted(source: Path, target: Path) -> Path:
    """The sample with the mark planted: one document, or a document a line."""
    text = source.read_text()
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = [json.loads(line) for line in text.splitlines()]
    target.write_text("".join(json.dumps(planted(one), separators=(",", ":")) + "\n" for one in documents))
    return target


def holders(store: Store, folder: Path, mark: str) -> list[str]:
    """Files of the store's folder and columns of its tables that hold the mark; columns, since files may compress."""
    files = [path.name for path in folder.rglob("*") if path.is_file() and mark.encode() in path.read_bytes()]
    columns = store.query(
        "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal"
    ).rows
    tables = [
        f"{table}.{column}"
        for table, column in columns
        if store.query(f'select 1 from "{table}" where contains("{column}", $mark) limit 1', {"mark": mark}).rows
    ]
    return files + tables


@pytest.mark.parametrize("source", SAMPLES_OF_CALLS, ids=lambda path: path.name)
@pytest.mark.parametrize("is_checkpointed", [True, False], ids=["stored", "write-ahead log"])
def test_prompt_when_planted_everywhere_then_in_no_byte_of_the_store(
    source: Path, is_checkpointed: bool, tmp_path: Path
) -> None:
    given = write_planted(source, tmp_path / source.name)
    folder = tmp_path / "store"
    folder.mkdir()
    with Store.open(str(folder / "s.duckdb")) as store:
        if not is_checkpointed:
            store.query("set checkpoint_threshold = '1GB'")
        [report] = collect(store, plan_targets([f"{unit_of(source)}={given}"]).targets, options())
        calls = store.query("select count(*) from model_call").rows[0][0]
        found = holders(store, folder, MARK)

    assert MARK.encode() in given.read_bytes()
    assert calls > 0, report
    assert MARK not in repr(report)
    assert found == []
    assert [path.name for path in folder.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()] == []


def test_search_when_a_kept_field_holds_the_mark_then_it_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    given = tmp_path / "a.json"
    given.write_text((SAMPLES / "bedrock_invocation.json").read_text().replace("RankerRole", MARK))
    with Store.open(str(folder / "s.duckdb")) as store:
        store.query("set checkpoint_threshold = '1GB'")
        collect(store, plan_targets([str(given)]).targets, options())

        found = holders(store, folder, MARK)

    assert found == ["s.duckdb.wal", "model_call.principal"]


@pytest.mark.parametrize("source", SAMPLES_OF_CALLS, ids=lambda path: path.name)
def test_prompt_when_records_are_broken_then_in_no_word_said_of_them(source: Path, tmp_path: Path) -> None:
    given = write_planted(source, tmp_path / source.name)
    given.write_bytes(given.read_bytes()[:-60].replace(b"2026", b"never"))
    with Store.open(str(tmp_path / "s.duckdb")) as store:
        [report] = collect(store, plan_targets([f"{unit_of(source)}={given}"]).targets, options())

    assert MARK not in repr(report)
    assert MARK.encode() not in (tmp_path / "s.duckdb").read_bytes()


@pytest.mark.parametrize("source", SAMPLES_OF_CALLS, ids=lambda path: path.name)
def test_sample_when_words_are_planted_then_it_is_recognised_all_the_same(source: Path, tmp_path: Path) -> None:
    given = write_planted(source, tmp_path / source.name)

    head = open_object(given, given.name, tmp_path / "opened").head

    assert load_formats()[unit_of(source)].sniff(head) >= 0.5


def options() -> CollectOptions:
    return CollectOptions("r1", Window(), datetime(2026, 11, 1, tzinfo=UTC))


def unit_of(source: Path) -> str:
    return source.name.partition(".")[0]
