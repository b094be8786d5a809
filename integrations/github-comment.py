"""Keeps one comment on the pull request: made where something counts, brought up to date, said to be settled.

Reads the token and the report from the environment. Where the token may not write, as for a pull request from a fork,
it says so and leaves: annotations and summary show the same.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

MARK = "<!-- shadowscan: this comment is kept up to date -->"
LONGEST = 60_000  # GitHub takes 65,536 characters
SETTLED = f"{MARK}\n**shadowscan**: nothing that this change adds counts any more."
COUNTS = {"1", "3"}


def main() -> None:
    issue = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    try:
        ours = _own_comment(f"{issue}/{os.environ['PULL_REQUEST']}/comments")
        if os.environ["EXIT_CODE"] in COUNTS:
            body = _body(Path(os.environ["REPORT"]).read_text("utf-8"))
        elif ours and os.environ["EXIT_CODE"] == "0":
            body = SETTLED
        else:
            return
        if ours:
            _call("PATCH", f"{issue}/comments/{ours}", {"body": body})
        else:
            _call("POST", f"{issue}/{os.environ['PULL_REQUEST']}/comments", {"body": body})
    except HTTPError as error:
        if error.code not in (401, 403, 404):
            raise
        print("::notice title=shadowscan::No comment: the token of this run may not write (pull-requests: write).")
    except (URLError, OSError) as error:
        print(f"::notice title=shadowscan::No comment: {type(error).__name__} at the API of GitHub.", file=sys.stderr)


def _body(report: str) -> str:
    if len(report) <= LONGEST:
        return f"{MARK}\n{report}"
    kept = report[:LONGEST].rpartition("\n## ")[0] or report[:LONGEST].rpartition("\n### ")[0] or report[:LONGEST]
    return f"{MARK}\n{kept}\n\n**Cut here: the summary of the job has the rest.**\n"


def _own_comment(comments: str) -> int | None:
    """Id of our comment. Only a bot's counts: anybody can write the mark, and a token that may edit edits any."""
    page = 1
    while True:
        found = _call("GET", f"{comments}?per_page=100&page={page}")
        for comment in found:
            if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARK):
                return int(comment["id"])
        if len(found) < 100:
            return None
        page += 1


def _call(method: str, path: str, data: dict[str, str] | None = None) -> Any:
    request = Request(  # noqa: S310 - the API that the runner names
        os.environ["GITHUB_API_URL"] + path,
        data=json.dumps(data).encode() if data else None,
        method=method,
        headers={"Authorization": f"Bearer {os.environ['TOKEN']}", "Accept": "application/vnd.github+json"},
    )
    with urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


main()
