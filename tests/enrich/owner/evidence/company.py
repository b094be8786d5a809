"""A small company to ask owners of: one network, what the inventory says of it, and an owners file."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from shadowscan.enrich import owners
from shadowscan.enrich.owner.explain import explain_owner
from shadowscan.owners import Owners
from tests.enrich.records import START, Network, insert

ACCOUNT = "470100000011"
PLACE = {"account_id": ACCOUNT, "vpc_id": "vpc-0a", "region": "us-east-1"}
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:ranker"
INSTANCE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0d"


@dataclass
class Company:
    """Evidence to add, then `owner` of one subject: (team, status, confidence, decided_by)."""

    network: Network = field(default_factory=Network)
    document: dict[str, Any] = field(default_factory=dict)

    def asset(self, asset_id: str, kind: str, tags: dict[str, str] | None = None, **more: Any) -> None:
        row = {"source_id": 2, "asset_id": asset_id, "kind": kind, "tags": json.dumps(tags or {}), **PLACE, **more}
        insert(self.network.store, "asset", **row)

    def claim(self, evidence: str, key_kind: str, key: str, value: str, **more: Any) -> None:
        row = {"source_id": 3, "evidence": evidence, "key_kind": key_kind, "key": key, "value": value}
        insert(self.network.store, "owner_claim", **{**row, "confidence": 0.8, **more})

    def call(self, client: str, vpc: str = "vpc-0a", account: str = ACCOUNT) -> None:
        """A question for an AI vendor from this address."""
        insert(
            self.network.store, "dns_query", source_id=1, queried_at=START + timedelta(hours=1), account_id=account,
            vpc_id=vpc, client_ip=client, region="us-east-1", qname="api.openai.com",
        )  # fmt: skip

    def owner(self, subject_id: str) -> tuple[Any, ...]:
        context = replace(self.network.context, owners=Owners.model_validate(self.document))
        self.network.roll_up()
        owners.build(context)
        sql = "select team, owner_status, owner_confidence, decided_by from subject where subject_id = $id"
        return self.network.store.query(sql, {"id": subject_id}).rows[0]

    def evidence(self, subject_id: str) -> list[dict[str, Any]]:
        """What `owner` rested on; after it."""
        [found] = explain_owner(self.network.store, subject_id)
        listed: list[dict[str, Any]] = found["evidence"]
        return listed
