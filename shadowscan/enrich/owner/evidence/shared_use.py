"""Rank 2: a runner of CI jobs or a forward proxy carries others' traffic, so the chain stops: shared, whoever runs it.

Told by the tag that the GitHub runner module puts on its instances, the labels of the Actions Runner Controller
(https://github.com/actions/actions-runner-controller), or a name that says so in words. An entry of owners.yaml settles
it.
"""

import re
from collections.abc import Iterator

from shadowscan.enrich.assets import Asset
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

_RUNNER = re.compile(
    r"(?:^|[-_./: ])(?:ci|gha|github|gitlab|actions|buildkite|jenkins|circleci|bitbucket)[-_ ]?(?:actions?[-_ ])?"
    r"(?:runner|agent|executor)s?(?:$|[-_./: ])",
    re.IGNORECASE,
)
_PROXY = re.compile(r"(?:^|[-_./: ])(?:squid|(?:egress|forward|outbound)[-_ ]?proxy)(?:$|[-_./: ])", re.IGNORECASE)
_RUNNER_TAGS = ("ghr:Application", "actions.github.com/scale-set-name", "runner-deployment-name")


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """One statement that it is shared, with what tells so in its key; the tags it has stay as evidence."""
    if subject.kind != "workload":
        return
    said = _told_by(subject, facts.assets.get(subject.subject_id))
    if said:
        yield Candidate(2, "shared_use", said, "", facts.confidence.default, is_shared=True)


def _told_by(subject: SubjectRef, asset: Asset | None) -> str:
    tag = next((key for key in _RUNNER_TAGS if asset is not None and key in asset.tags), "")
    if tag:
        return f"CI runner, tag {tag}"
    for name in dict.fromkeys((subject.label, asset.name if asset is not None else "", _last(subject.subject_id))):
        if _RUNNER.search(name):
            return f"CI runner, named {name}"
        if _PROXY.search(name):
            return f"forward proxy, named {name}"
    return ""


def _last(subject_id: str) -> str:
    return re.split(r"[/:]", subject_id)[-1]
