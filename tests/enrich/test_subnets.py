"""Short-lived addresses fold into their subnet; what stays up, and what has a better name, does not."""

import json
from datetime import timedelta

from tests.enrich.records import HOUR, START, Network, insert

SUBNET = "arn:aws:ec2:us-east-1:1:subnet/subnet-0b"
REMOTE = "160.79.104.10"


def show(network: Network, client: str, hours: float, length: float = 0.1, **more: object) -> None:
    """Records of an address's life in the subnet: its first moment, every hour of it, its last."""
    place = {"subnet_id": "subnet-0b", "region": "us-east-1", "interface_id": f"eni-{client}", **more}
    for after in (*range(int(length) + 1), length):
        network.flow(START + (hours + after) * HOUR, client, REMOTE, **place)


def subjects_of(network: Network) -> set[str]:
    network.roll_up()
    return {str(row[0]) for row in network.egress("subject_id")}


def churn(network: Network, count: int) -> None:
    show(network, "10.0.0.250", 0, 20)
    for number in range(count):
        show(network, f"10.0.0.{number}", 1 + number)


def test_addresses_that_come_and_go_are_one_subject_and_what_stays_is_itself() -> None:
    network = Network()
    churn(network, 10)

    assert subjects_of(network) == {SUBNET, "1/vpc-0a/10.0.0.250"}
    label = network.store.query("select label, kind from subject where subject_id = $id", {"id": SUBNET}).rows
    assert label == [("subnet-0b", "workload")]


def test_few_short_lives_are_no_churn() -> None:
    network = Network()
    churn(network, 7)

    assert SUBNET not in subjects_of(network)


def test_short_log_shows_no_churn() -> None:
    network = Network()
    for number in range(20):
        show(network, f"10.0.0.{number}", number * 0.1, 0.01)

    assert SUBNET not in subjects_of(network)


def test_address_with_a_controller_folds_into_that_instead() -> None:
    network = Network()
    churn(network, 10)
    insert(network.store, "asset", source_id=3, asset_id="arn:aws:ec2:us-east-1:1:instance/i-0d", kind="instance",
           account_id="1", region="us-east-1", tags=json.dumps({"aws:autoscaling:groupName": "web"}))  # fmt: skip
    show(network, "10.0.0.77", 5, instance_id="i-0d")

    assert "1/us-east-1/asg:web" in subjects_of(network)


def test_address_that_several_interfaces_held_in_turn_is_nobodys_name() -> None:
    network = Network()
    show(network, "10.0.0.7", 1, interface_id="eni-a")
    show(network, "10.0.0.7", 3, interface_id="eni-b")

    assert subjects_of(network) == {SUBNET}


def test_subjects_are_the_same_whatever_day_is_made_again() -> None:
    whole, grown = Network(), Network()
    for network, days in ((whole, (0, 1)), (grown, (0,))):
        for day in days:
            show(network, "10.0.0.250", 24 * day, 20)
            for number in range(5):
                show(network, f"10.0.{day}.{number}", 24 * day + 1 + number)
        network.roll_up()
    show(grown, "10.0.0.250", 24, 20)
    for number in range(5):
        show(grown, f"10.0.1.{number}", 25 + number)
    grown.mark(START + timedelta(days=1), START + timedelta(days=2))
    grown.roll_up()

    columns = ("day", "subject_id", "flow_count", "bytes_out")
    assert grown.egress(*columns) == whole.egress(*columns)
    assert SUBNET in {row[1] for row in grown.egress(*columns)}


def test_finding_of_a_folded_address_is_found_again_by_its_old_name() -> None:
    network = Network()
    churn(network, 10)
    network.link()

    values = {row[0] for row in network.store.query(
        "select value from subject_link where subject_id = $id", {"id": SUBNET}).rows}  # fmt: skip
    assert "1/vpc-0a/10.0.0.3" in values
