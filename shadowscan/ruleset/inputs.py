"""What rules are given from policy.yaml: which sections it has, and the values that parameters are fed from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shadowscan.model.rule import Param, Rule, Value
from shadowscan.policy import Policy
from shadowscan.ruleset.parse import typed

IS_GIVEN = "is_given"


class Given(Protocol):
    """Anything that knows whether there is a file behind it, such as owners.yaml as loaded."""

    @property
    def is_given(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class RuleInputs:
    """`sections` are what the user's files give, as in a rule's `requires`; `values` are scalars by dotted path."""

    sections: frozenset[str] = frozenset()
    values: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, owners: Given | None = None) -> "RuleInputs":
        """Taken from the policy as loaded; without `owners`, owners rules rest on the entries in the store alone."""
        given = {
            "policy": policy.is_given,
            "policy.gateways": bool(policy.gateways),
            "policy.residency": _limits_residency(policy),
            "owners": owners is None or owners.is_given,
        }
        values = {IS_GIVEN: policy.is_given, **dict(_scalars(policy.model_dump(mode="json"), ""))}
        return cls(frozenset(name for name, is_there in given.items() if is_there), values)

    def bind(self, rule: Rule) -> dict[str, Value]:
        """The rule's parameters, each from the policy or its default."""
        return {param.name: self._value(param) for param in rule.params}

    def _value(self, param: Param) -> Value:
        found = self.values.get(param.policy_path)
        return param.default if found is None else typed(param.type, str(found))


def _limits_residency(policy: Policy) -> bool:
    return policy.residency is not None and bool(policy.residency.allowed or policy.residency.data_classes)


def _scalars(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Value]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _scalars(value, f"{prefix}{name}.")
        elif isinstance(value, str | int | bool):
            yield f"{prefix}{name}", value
