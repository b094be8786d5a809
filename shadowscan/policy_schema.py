"""JSON Schemas of the files people write, made from the models that read them."""

from typing import Any

from pydantic import BaseModel

from shadowscan.owners import Owners
from shadowscan.policy import Policy

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema() -> dict[str, Any]:
    """Schema of policy.yaml, as `schemas/policy.schema.json` ships it."""
    return _schema(Policy, "policy.yaml of shadowscan")


def owners_schema() -> dict[str, Any]:
    """Schema of owners.yaml, as `schemas/owners.schema.json` ships it."""
    return _schema(Owners, "owners.yaml of shadowscan")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = _widen(model.model_json_schema())
    return {"$schema": DIALECT, **schema, "title": title}


def _widen(schema: dict[str, Any]) -> dict[str, Any]:
    """What validators accept beyond the model: a bare string for an entry of a list or mapping of entries."""
    for definition in [schema, *schema.get("$defs", {}).values()]:
        for name, part in definition.get("properties", {}).items():
            for holder in ("items", "additionalProperties"):
                inner = part.get(holder)
                if isinstance(inner, dict) and name in BARE and "$ref" in inner:
                    part[holder] = {"anyOf": [{"type": "string"}, inner]}
    return schema


BARE = frozenset({"approved", "in_review", "denied", "addresses", "teams", "accounts"})
