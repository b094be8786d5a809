"""Address plans of NetBox, of Infoblox and as a CSV of one's own: ranges, their teams, their networks, bad lines."""

from pathlib import Path

import pytest

from shadowscan.collect.formats import cidr_csv, infoblox, netbox
from shadowscan.collect.formats.interface import Format, Head
from tests.collect.formats.claims import SAMPLES, read_claim_text, read_claims

WIDE = ("10.1.0.0/16", "unknown/unknown")


@pytest.mark.parametrize(
    ("form", "sample", "stated"),
    [
        (
            netbox.FORMAT,
            "netbox.json",
            [(*WIDE, "Search", False), ("10.1.4.0/24", "470100000011/vpc-0a1b2c3d", "growth", False)],
        ),
        (
            netbox.FORMAT,
            "netbox.csv",
            [(*WIDE, "Search", False), ("10.1.4.0/24", "unknown/vpc-0a1b2c3d", "Growth", False)],
        ),
        (
            infoblox.FORMAT,
            "infoblox.csv",
            [(*WIDE, "search", False), ("10.1.4.0/24", "unknown/vpc-0a1b2c3d", "sam@acme.example", True)],
        ),
        (
            cidr_csv.FORMAT,
            "cidr_csv.csv",
            [
                ("10.1.0.0/16", "470100000011/vpc-0a1b2c3d", "search", False),
                ("10.1.4.0/24", "unknown/unknown", "growth", False),
                ("2600:1f18:1::/56", "unknown/vpc-0a1b2c3d", "search", False),
            ],
        ),
    ],
)
def test_each_range_with_a_team_is_a_statement_in_its_network(
    form: Format, sample: str, stated: list[tuple[str, str, str, bool]]
) -> None:
    rows, result = read_claims(form, SAMPLES / sample)

    assert [(row["key"], row["scope"], row["value"], row["is_person"]) for row in rows] == stated
    assert {(row["evidence"], row["key_kind"], row["confidence"]) for row in rows} == {("cidr", "cidr", 0.55)}
    assert result.rejected == 0


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (cidr_csv.FORMAT, "cidr,team\n10.1.0.0/16,a\nnot-a-range,b\n10.2.0.0/99,c\n"),
        (
            infoblox.FORMAT,
            "header-network,address*,netmask*,EA-Team\nnetwork,10.1.0.0,16,a\nnetwork,x,16,b\nnetwork,10.1.0.0,,c\n",
        ),
        (
            netbox.FORMAT,
            '[{"url": "/api/ipam/prefixes/1/", "prefix": "10.1.0.0/16", "tenant": {"name": "a"}}, {"id": 2}, 7]',
        ),
    ],
)
def test_what_is_no_range_is_refused_alone(tmp_path: Path, form: Format, text: str) -> None:
    rows, result = read_claim_text(form, tmp_path, text)

    assert ([row["value"] for row in rows], result.rejected) == (["a"], 2)


def test_a_range_written_with_host_bits_is_the_range(tmp_path: Path) -> None:
    rows, _ = read_claim_text(cidr_csv.FORMAT, tmp_path, "Resource CIDR;Owner\n10.1.2.3/16;a\n")

    assert rows[0]["key"] == "10.1.0.0/16"


@pytest.mark.parametrize(
    "text",
    [
        b"cidr,team,cost\n10.1.0.0/16,a,1\n",
        b"cidr,team\nproduction,a\n",
        b"network,address\n10.1.0.0,x\n",
        b"srcaddr,dstaddr,bytes\n10.0.0.1,10.0.0.2,5\n",
        b"prefix,owner\n",
    ],
)
def test_other_tables_are_no_address_plans(text: bytes) -> None:
    assert {form.sniff(Head("x", text)) for form in (netbox.FORMAT, infoblox.FORMAT, cidr_csv.FORMAT)} == {0.0}
