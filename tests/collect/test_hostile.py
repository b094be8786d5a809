"""Every format is total: whatever bytes it is given, an outcome in words and never an error of ours.

Formats are found by folder and samples by folder, so a new one of either is covered without a line here.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.recognise import load_formats
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.model.outcome import Failed
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES

SAMPLE_BYTES = [path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.is_file()]
# What says that we did not see the input coming. A file that DuckDB cannot open at all may be an IOException.
OURS = ("KeyError", "TypeError", "AttributeError", "IndexError", "ValueError", "AssertionError", "RecursionError",
        "CatalogException", "BinderException", "ParserException", "ConstraintException", "ConversionException",
        "OutOfRangeException", "InternalException", "UnicodeDecodeError")  # fmt: skip


@st.composite
def hostile_bytes(draw: st.DrawFn) -> bytes:
    """A sample that was cut, repeated, or had something put into it, or bytes that are no sample at all."""
    data = draw(st.sampled_from(SAMPLE_BYTES) | st.binary(max_size=300))
    start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    inserted = draw(
        st.binary(max_size=20)
        | st.sampled_from(
            [b"\xef\xbb\xbf", b"\r\n", b"\x00", b'"', b"{" * 300, b"[" * 300, b"-", b" ", b"9" * 40, b"null"]
        )
    )
    kept = draw(st.sampled_from(["between", "outside", "all"]))
    middle = data[start:end] if kept == "all" else b""
    return data[start:end] if kept == "between" else data[:start] + inserted + middle + data[end:]


@pytest.mark.parametrize("format_id", sorted(load_formats()))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=hostile_bytes())
def test_collect_when_bytes_are_hostile_then_an_outcome_in_words(tmp_path: Path, format_id: str, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    options = CollectOptions("r1", Window(), datetime(2026, 11, 1, tzinfo=UTC))

    with Store.open(":memory:") as store:
        reports = collect(store, plan_targets([f"{format_id}={tmp_path / 'a'}"]).targets, options)
        rows = store.query("select count(*) from source_object").rows[0][0]

    reasons = [report.outcome.reason for report in reports if isinstance(report.outcome, Failed)]
    assert len(reports) == 1
    assert (rows == 1) is (not reasons)
    assert not [reason for reason in reasons if reason.startswith(OURS)]
