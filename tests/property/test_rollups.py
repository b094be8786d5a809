"""Roll-ups made day by day equal roll-ups made at once, and never count a record twice."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from shadowscan.enrich.ranges import disjoint_ranges
from tests.enrich.records import MINUTE, START, Network

NAMES = st.sampled_from(["api.openai.com", "api.anthropic.com", "cats.example"])
CLIENTS = st.sampled_from(["10.0.0.1", "10.0.0.2"])
REMOTES = st.sampled_from(["203.0.113.1", "203.0.113.2", "160.79.104.10"])
REMOTE = "160.79.104.10"
MINUTES = st.integers(0, 3 * 24 * 60)
ANSWERS = st.lists(st.tuples(MINUTES, CLIENTS, NAMES, REMOTES), max_size=8)
FLOWS = st.lists(st.tuples(MINUTES, CLIENTS, REMOTES), max_size=12)
VIEWS = {
    "llm_egress": "select * from llm_egress order by all",
    "llm_lookup": "select * from llm_lookup order by all",
    "workload_day": "select * from workload_day order by all",
    "log_hour": "select * from log_hour order by all",
    "relay_hour": "select * from relay_hour order by all",
    "relay_peer": "select * from relay_peer order by all",
    "subject_link": "select * from subject_link order by all",
    "evidence_sample": "select * from evidence_sample order by all",
    "evidence_source": "select * from evidence_source order by all",
}


def views(network: Network) -> dict[str, list[tuple[object, ...]]]:
    return {name: network.store.query(sql).rows for name, sql in VIEWS.items()}


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])  # shrinking costs minutes of stores
@example(
    answers=[(0, "10.0.0.1", "cats.example", REMOTE), (960, "10.0.0.1", "api.openai.com", REMOTE)],
    flows=[(0, "10.0.0.1", REMOTE)],
    late=1,
)
@given(answers=ANSWERS, flows=FLOWS, late=st.integers(0, 4))
def test_open_days_made_again_equal_all_days_made_at_once(
    answers: list[tuple[int, str, str, str]], flows: list[tuple[int, str, str]], late: int
) -> None:
    whole, grown = Network(), Network()
    for network, parts in ((whole, [(answers, flows)]), (grown, [(answers[late:], flows), (answers[:late], [])])):
        for some_answers, some_flows in parts:
            add(network, some_answers, some_flows)
            network.roll_up()

    assert views(grown) == views(whole)
    assert sum(row[0] for row in whole.egress("flow_count")) <= len(flows)


def add(network: Network, answers: list[tuple[int, str, str, str]], flows: list[tuple[int, str, str]]) -> None:
    for minute, client, name, remote in answers:
        at = START + minute * MINUTE
        network.answer(at, client, name, remote)
        network.mark(at, at + timedelta(hours=6))
    for line, (minute, client, remote) in enumerate(flows):
        at = START + minute * MINUTE
        network.flow(at, client, remote, line=line)
        network.mark(at)


CIDRS = st.tuples(st.integers(0, 0xFFFF), st.integers(20, 32), st.sampled_from("abc")).map(
    lambda drawn: (str(ip_network((0x0A000000 + drawn[0], drawn[1]), strict=False)), drawn[2])
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cidrs=st.lists(CIDRS, max_size=8), offset=st.integers(0, 0xFFFF))
def test_disjoint_ranges_answer_like_the_longest_prefix(cidrs: list[tuple[str, str]], offset: int) -> None:
    address = ip_address(0x0A000000 + offset)
    holding = [(ip_network(cidr).prefixlen, label) for cidr, label in cidrs if address in ip_network(cidr)]
    longest = {label for length, label in holding if length == max(holding)[0]}

    found = [found.label for found in disjoint_ranges(cidrs) if found.first <= int(address) <= found.last]

    assert len(found) == (1 if holding else 0)
    assert set(found) <= longest
