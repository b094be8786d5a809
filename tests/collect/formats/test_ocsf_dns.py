"""OCSF DNS activity of both source versions, as JSON and as Parquet."""

from pathlib import Path

import pytest

from shadowscan.store.connection import Store
from tests.collect.conftest import Collect
from tests.collect.formats.ocsf_records import DNS_1, DNS_2, Columns, question, write_json, write_parquet


@pytest.mark.parametrize(("version", "columns"), [(1, DNS_1), (2, DNS_2)], ids=["source 1", "source 2"])
def test_normalise_when_question_of_either_version_and_container_then_the_same_rows(
    tmp_path: Path, store: Store, collect_paths: Collect, version: int, columns: Columns
) -> None:
    write_json(tmp_path / "a.json", question(version))
    write_parquet(tmp_path / "b.parquet", columns, question(version))

    collect_paths(tmp_path)

    wanted = "qname, qtype, rcode, action, cname_chain, account_id, vpc_id, region, instance_id, resolver_id, client_ip"
    assert (
        store.query(f"select {wanted} from dns_query").rows
        == [
            (
                *("api.openai.com", "A", "NOERROR", "allow", "edge.cdn.example"),
                *("111111111111", "vpc-0aa", "us-east-1", "i-0cc", "rslvr-in-0aa", "10.0.1.5"),
            )
        ]
        * 2
    )
    assert store.query("select ip, ip_lo, line from dns_answer").rows == [("203.0.113.10", 3405803786, 1)] * 2


def test_normalise_when_a_question_is_blocked_then_no_answer_and_errors_in_the_words_of_dns(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_json(
        tmp_path / "a.json",
        question(2, action="Denied", disposition="Blocked"),
        question(2, action="Allowed", disposition="Alert", rcode="ServError"),
    )

    collect_paths(tmp_path)

    assert store.query("select action, rcode from dns_query order by line").rows == [
        ("block", "NOERROR"),
        ("alert", "SERVFAIL"),
    ]
    assert store.query("select line from dns_answer").rows == [(2,)]


def test_normalise_when_answers_have_a_ttl_then_kept(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    answers = [{"type": "AAAA", "rdata": "2001:DB8::0:1", "ttl": 60}]
    write_json(tmp_path / "a.json", question(2, answers=answers, query={"hostname": "a.example", "type": "AAAA"}))

    collect_paths(tmp_path)

    assert store.query("select ip, ip_version, ttl_seconds from dns_answer").rows == [("2001:db8::1", 6, 60)]
