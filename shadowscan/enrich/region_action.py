"""The strongest evidence that an unsettled route lacks, as something a person can do.

Which record names the place of processing is a fact of each vendor; where it has none, the way out is a host that the
vendor documents as pinned. Routes that one action settles carry the same words, so that `regions` can count them.
"""

from shadowscan.catalog import Catalog
from shadowscan.model.vendor import Vendor

# {account} is " in account 1111", or nothing where the account is not known.
_RECORDS = {
    # https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html names inferenceRegion.
    "aws-bedrock": "turn on Bedrock invocation logs, or collect CloudTrail with inferenceRegion,{account}",
    "azure-openai": "collect location and SKU of the Azure OpenAI deployments{account}",
    "google-vertex": "call aiplatform.eu.rep.googleapis.com or its us twin, the hosts that Google pins,{account}",
    "google-gemini": "move to Vertex AI's pinned hosts, since the Gemini API names no region,",
    "openai": "collect the residency of the OpenAI projects, or call a regional host such as eu.api.openai.com,",
    "anthropic": "collect Anthropic's usage report by inference_geo",
    "mistral": "call api.eu.mistral.ai or api.us.mistral.ai, the hosts that Mistral pins,",
    "xai": "call us.api.x.ai, the one host that every document of xAI pins,",
    "snowflake-cortex": "collect CORTEX_ENABLED_CROSS_REGION of the Snowflake account",
    "databricks": "collect the workspace's Geo and its cross-Geo setting",
    "oci-genai": "collect which models are called, since OCI sends those of other parties elsewhere,{account}",
    "alibaba-qwen": "collect the scope of the Model Studio deployments",
    "openrouter": "collect OpenRouter's activity export, which names the final provider, or call eu.openrouter.ai,",
}
_OF_AGGREGATOR = "collect the log in which {name} names the final vendor and its region"
_OF_OTHERS = "ask {name} for its record of the processing region, or call a host that it documents as pinned,"


def settling_action(catalog: Catalog, row: dict[str, str]) -> str:
    """What would settle a route of `llm_region`; alike for all routes that it would settle."""
    vendor = catalog.vendors.get(row["vendor_id"])
    if row["region"] != "unknown" and row["region_group"] == "unknown" and row["region"] not in catalog.routes.profiles:
        return f"say in policy.yaml whether {row['region']}, which no region group holds, is allowed,"
    if row["basis"] == "configuration":
        name = vendor.name if vendor else row["vendor_id"]
        return f"pin the region of {name} in the code of {row['subject_id']}, or collect the calls it makes,"
    account = "" if row["account_id"] == "unknown" else f" in account {row['account_id']}"
    return _record(vendor, row["vendor_id"]).format(account=account)


def _record(vendor: Vendor | None, vendor_id: str) -> str:
    if vendor is None:
        return (
            f"name the vendor behind {vendor_id}" if vendor_id != "unknown" else "collect a log that names the vendor"
        )
    general = _OF_AGGREGATOR if vendor.category == "aggregator" else _OF_OTHERS
    return _RECORDS.get(vendor.id) or general.format(name=vendor.name)
