"""Findings survive the store's JSON exactly."""

from decimal import Decimal

from shadowscan.history.record import from_json, to_json, update_digest
from shadowscan.model.finding import CodeLocation, Cost, Evidence, Locator, RegionRef, VendorRef
from shadowscan.model.owner import Owner, OwnerEvidence
from tests.history.factory import make_finding


def test_from_json_when_everything_is_filled_then_equal() -> None:
    finding = make_finding(
        vendor=VendorRef("openai", "OpenAI", ("api",), "unapproved"),
        region=RegionRef("us", "us", "R4", "violation"),
        owner=Owner("search", "owned", 0.9, "tag", (OwnerEvidence("tag", "eni-1", "search", 0.9),)),
        locations=(CodeLocation("acme/api", ".env", 3, None, "", None, True),),
        cost=Cost(Decimal("0.100000000000"), "USD"),
        evidence=(Evidence("flow", "x", "aws_vpc_flow", Locator("s3://a", 4)),),
    )
    assert from_json(to_json(finding)) == finding


def test_update_digest_when_only_volume_grows_then_same() -> None:
    assert update_digest(make_finding()) == update_digest(make_finding(event_count=100, bytes_out=5))
