"""A generated day whose truth is known: what can be told is told, and nothing said surely is wrong."""

import pytest

from bench.network import Network
from bench.truth import Score, score


@pytest.fixture(scope="module", params=[1, 2])
def found(request: pytest.FixtureRequest) -> Score:
    return score(Network(seed=request.param, workloads=110))


def test_attribution_when_sure_then_never_wrong(found: Score) -> None:
    assert [pair for pair, (_, sure) in found.wrong.items() if sure == "high"] == []
    assert sum(1 for _, sure in found.said.values() if sure == "high") > 20


def test_attribution_when_something_can_tell_then_told(found: Score) -> None:
    assert set(found.missed.values()) <= {"nothing"}


def test_attribution_when_a_resolver_or_shared_address_tells_then_less_sure(found: Score) -> None:
    sureness = {sure for by, sure in found.said.values() if by in ("dns_resolver", "dns_same_network")}
    assert sureness <= {"medium", "low"}


def test_attribution_when_wrong_then_rare(found: Score) -> None:
    assert len(found.wrong) <= 2
    assert found.records["wrong"] * 30 <= found.records["right"]
