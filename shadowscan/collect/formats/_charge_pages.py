"""Answers of cost APIs as pages of buckets of results, read alike: `data` → `results`, `has_more`, `next_page`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from shadowscan.collect.formats._charge_rows import REFUSED, TOTAL, Reading, Row, read_exact
from shadowscan.collect.formats.interface import LocalObject

# item, record number, bucket, result, dimensions asked for (sorted, comma-separated, or `total`); None is no charge
ReadResult = Callable[[LocalObject, int, Mapping[str, Any], Mapping[str, Any], str], Row | None]


def read_pages(item: LocalObject, dimensions: Sequence[str], read: ReadResult) -> Reading:
    """Every result of every page; raises `BadInputError` where nothing in the object is JSON.

    What a page was grouped by is its own `group_by`, which only pages that this tool saved have, else the dimensions
    that any of its results has.
    """
    reading, line, following = Reading(), 0, None
    for document in read_exact(item):
        try:
            page = document.value
            results = list(_results(page))
            asked = ",".join(_asked(page, results, dimensions)) or TOTAL
            following = page.get("next_page") if page.get("has_more") else None
        except REFUSED as error:
            reading.refuse(f"line {document.line}", error)
            continue
        for line, (bucket, result) in enumerate(results, line + 1):  # noqa: B020 - goes on counting over pages
            _read_result(item, reading, read, (line, bucket, result, asked))
    if following:
        reading.notes.append(("truncated", f"the last page says that more follow ({following})", 1))
    return reading


def _results(page: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    for bucket in page["data"]:
        for result in bucket["results"]:
            yield bucket, result


def _asked(page: Mapping[str, Any], results: Sequence[tuple[Any, Any]], dimensions: Sequence[str]) -> list[str]:
    """Null in a dimension that was asked for is a group; in one that was not it says nothing."""
    said = page.get("group_by")
    if said is not None:
        return sorted(str(name) for name in said)
    rows = [result for _, result in results if isinstance(result, dict)]
    return sorted(name for name in dimensions if any(row.get(name) is not None for row in rows))


def _read_result(item: LocalObject, reading: Reading, read: ReadResult, found: tuple[int, Any, Any, str]) -> None:
    try:
        row = read(item, *found)
    except REFUSED as error:
        reading.refuse(f"result {found[0]}", error)
    else:
        if row is not None:
            reading.add(row)
