"""Where a call may be processed once it has entered: Bedrock's inference profiles and Azure's deployment SKUs.

Both are facts about the route and not about the host: the same name answers for a call that stays and one that travels.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Processing = Literal["resource_geography", "data_zone", "any_region"]
# Model ids of https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_PROFILE = re.compile(
    r"(?:arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:inference-profile/)?([a-z]+(?:-[a-z]+)?)\.[a-z0-9-]+\..+"
)
# Makers of models on Bedrock (https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html): what stands
# before one is a geography, also one that came after this catalogue.
_MAKER = re.compile(
    r"[a-z-]+\.(?:ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshotai|nvidia|openai|qwen"
    r"|stability|twelvelabs|writer|zai)\..+"
)
_OPAQUE = re.compile(r"arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:application-inference-profile/.+")
NO_PROFILE = "none"
OPAQUE_PROFILE = "unknown"


@dataclass(frozen=True, slots=True)
class BedrockProfile:
    """One geography of cross-Region inference. `regions` are maxima over all models; empty where they are not known or
    are every commercial one.
    """

    prefix: str
    regions: frozenset[str]
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AzureSku:
    """Where a deployment of this `sku.name` may be processed. Data at rest stays in the resource's geography."""

    name: str
    processing: Processing
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """The profiles by prefix and the SKUs by name."""

    profiles: Mapping[str, BedrockProfile]
    skus: Mapping[str, AzureSku]

    def profile_prefix(self, model_id: str) -> str:
        """The geography a Bedrock model id or profile ARN names; `none` where the call stays in its source region,
        `unknown` for an application profile, which hides it, and for a geography that the catalogue does not know.
        """
        if _OPAQUE.fullmatch(model_id):
            return OPAQUE_PROFILE
        found = _PROFILE.fullmatch(model_id)
        if found and found[1] in self.profiles:
            return found[1]
        is_new = found is not None and bool(_MAKER.fullmatch(model_id.rpartition("/")[2]))
        return OPAQUE_PROFILE if is_new else NO_PROFILE

    def destinations(self, prefix: str) -> frozenset[str]:
        """Regions that calls through a profile may be processed in; empty where that is anywhere or not known."""
        profile = self.profiles.get(prefix)
        return profile.regions if profile else frozenset()

    def processing_of(self, sku: str) -> Processing | None:
        """Where a deployment of this SKU may be processed; None for a SKU that is not known."""
        found = self.skus.get(sku)
        return found.processing if found else None


def build_routes(document: Mapping[str, Any]) -> Routes:
    """The routes of a checked `regions.yaml` document."""
    profiles = {
        prefix: BedrockProfile(prefix, frozenset(one["regions"]), one["note"], tuple(one["sources"]))
        for prefix, one in document["bedrock_profiles"].items()
    }
    skus = {
        name: AzureSku(name, one["processing"], tuple(one["sources"])) for name, one in document["azure_skus"].items()
    }
    return Routes(profiles, skus)
