"""A Bedrock model id in its parts, in Python and in SQL: the model, and the geography of an inference profile.

A prefix before `provider.model` is a geography, a new one too. Names with dots inside, such as `deepseek.v3.1`, have a
number after their last dot, and no geography is as long as a provider.
"""

import re

from shadowscan.engines.duckdb import DuckDBEngine

_GEOGRAPHY = r"(global|[a-z]{2,4}(?:-[a-z]{2,4})?)\.([a-z][a-z0-9]+\.[a-z])"
_OPAQUE = ("application-inference-profile/", "prompt-router/")

CREATE_PROFILE_OF = f"""
create or replace temp macro profile_of(model_text) as
  case
    when model_text is null or contains(model_text, '{_OPAQUE[0]}') or contains(model_text, '{_OPAQUE[1]}')
      then 'unknown'
    else coalesce(nullif(regexp_extract(model_text, '(?:^|/){_GEOGRAPHY}[^/]*$', 1), ''), 'none')
  end
"""
CREATE_MODEL_OF = rf"""
create or replace temp macro model_of(model_text) as
  regexp_replace(split_part(model_text, '/', -1), '^{_GEOGRAPHY}', '\2')
"""


def create_model_macros(engine: DuckDBEngine) -> None:
    """Create `profile_of` and `model_of`, which give what the functions do."""
    engine.query(CREATE_PROFILE_OF)
    engine.query(CREATE_MODEL_OF)


def profile_of(model_text: str | None) -> str:
    """The geography of an inference profile; `none` for a plain model, `unknown` where the id hides it."""
    if model_text is None or any(word in model_text for word in _OPAQUE):
        return "unknown"
    found = re.match(_GEOGRAPHY, model_text.rpartition("/")[2])
    return found[1] if found else "none"


def model_of(model_text: str) -> str:
    """The model's own name."""
    return re.sub(f"^{_GEOGRAPHY}", r"\2", model_text.rpartition("/")[2])
