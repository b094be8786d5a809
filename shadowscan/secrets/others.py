"""Keys of other vendors, for `--all-secrets`: detect-secrets on candidate lines only.

It is some 400 times slower than a literal prefilter over whole trees, so a line is shown to it only where a cheap
expression already sees an anchor or an assignment to a secret's name.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from shadowscan.secrets.allow import allow_comment
from shadowscan.secrets.match import Found
from shadowscan.secrets.secret import Secret

CANDIDATE = rb"AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|SG\.|sk_live_|rk_live_|AccountKey=|npm_|PRIVATE KEY"
_CANDIDATE = re.compile(CANDIDATE)
PLUGINS = (
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "NpmDetector",
    "PrivateKeyDetector",
    "SendGridDetector",
    "SlackDetector",
    "StripeDetector",
    "TwilioKeyDetector",
)
LINE_LIMIT = 4000
KIND = "other_secret"


class OtherSecrets:
    """detect-secrets' plugins for vendors with a shape of their own, loaded when the first candidate line comes."""

    @cached_property
    def _plugins(self) -> list[Any]:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

        classes: dict[str, Any] = dict(get_mapping_from_secret_type_to_class())
        known = {str(plugin.__name__): plugin for plugin in classes.values()}
        return [known[name]() for name in PLUGINS if name in known]

    def find(self, data: bytes) -> Iterator[Found]:
        """Secrets on the candidate lines, in order of line."""
        seen: set[int] = set()
        for candidate in _CANDIDATE.finditer(data):
            begin = data.rfind(b"\n", 0, candidate.start()) + 1
            if begin in seen:
                continue
            seen.add(begin)
            end = data.find(b"\n", begin)
            text = data[begin : end if end >= 0 else len(data)][:LINE_LIMIT].decode("utf-8", "replace")
            number = data.count(b"\n", 0, begin) + 1
            yield from self._on_line(text, number, allow_comment(data, begin))

    def _on_line(self, text: str, number: int, allowed: str) -> Iterator[Found]:
        for plugin in self._plugins:
            for found in sorted(set(plugin.analyze_string(text))):
                secret = Secret(found.encode(), found[:4])
                yield Found("unknown", plugin.secret_type, KIND, "high", number, secret, allowed)
