"""The shipped schemas are those of the models, and take what the models take."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from shadowscan.policy_schema import owners_schema, policy_schema


@pytest.mark.parametrize(("name", "make"), [("policy", policy_schema), ("owners", owners_schema)])
def test_shipped_schema_is_the_models_own(name: str, make: Callable[[], dict[str, Any]]) -> None:
    shipped = files("shadowscan").joinpath(f"schemas/{name}.schema.json").read_text("utf-8")

    assert json.loads(shipped) == make()


def test_policy_schema_takes_bare_strings_and_refuses_unknown_keys() -> None:
    validator = jsonschema.Draft202012Validator(policy_schema())

    assert validator.is_valid({"vendors": {"approved": ["mistral", {"id": "openai"}]}})
    assert not validator.is_valid({"vendor": {}})
