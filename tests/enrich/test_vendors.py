"""Names asked for, and the names they lead to by CNAME."""

from tests.enrich.records import MINUTE, START, Network, insert

CLIENT, ADDRESS = "10.0.0.1", "10.0.7.7"


def ask(network: Network, name: str, chain: str) -> None:
    insert(network.store, "dns_query", source_id=2, queried_at=START, account_id="1", vpc_id="vpc-0a", client_ip=CLIENT,
           qname=name, cname_chain=chain)  # fmt: skip
    insert(network.store, "dns_answer", source_id=2, answered_at=START, account_id="1", vpc_id="vpc-0a",
           client_ip=CLIENT, qname=name, ip=ADDRESS, ip_version=4, ip_lo=(10 << 24) + (7 << 8) + 7)  # fmt: skip
    network.flow(START + MINUTE, CLIENT, ADDRESS)


def test_own_name_that_leads_to_a_vendor_is_that_vendor() -> None:
    network = Network()
    ask(network, "llm.acme.example", "acme.openai.azure.com > acme.privatelink.openai.azure.com")

    network.roll_up()

    assert network.egress("vendor_id", "host", "named_by") == [
        ("azure-openai", "acme.openai.azure.com", "dns_same_client")
    ]
    assert network.store.query("select vendor_id, host from llm_lookup").rows == [
        ("azure-openai", "acme.openai.azure.com")
    ]
    details = [row[0] for row in network.store.query("select detail from evidence_sample").rows]
    assert any("llm.acme.example (a name for acme.openai.azure.com)" in detail for detail in details)


def test_vendors_name_is_itself_whatever_it_leads_to() -> None:
    network = Network()
    ask(network, "api.openai.com", "api.openai.com.cdn.example")

    network.roll_up()

    assert network.egress("vendor_id", "host") == [("openai", "api.openai.com")]


def test_name_that_leads_to_nobody_known_is_nobody() -> None:
    network = Network()
    ask(network, "www.acme.example", "acme.cdn.example > edge.cdn.example")

    network.roll_up()

    assert network.egress("vendor_id") == []


def test_look_alike_names_are_never_asked_about_twice_and_never_match() -> None:
    network = Network()
    for name in ("api.openai.com.evil.example", "notopenai.com", "api-openai.com"):
        ask(network, name, "")

    network.roll_up()

    assert network.egress("vendor_id") == []


def test_endpoint_of_a_private_link_is_named_by_its_own_name() -> None:
    network = Network()
    ask(network, "vpce-0a1b-xyz.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "")

    network.roll_up()

    assert network.egress("vendor_id", "region") == [("aws-bedrock", "eu-west-1")]
