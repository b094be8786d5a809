"""shadowscan.toml: defaults, durations, and what is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from shadowscan.config import Retention, load_config
from shadowscan.errors import ConfigError
from shadowscan.schema import load_tables

TEXT = """
[[sources]]
target = "s3://acme-logs/"
profile = "audit"

[settings]
dns_window = "30m"

[ownership.confidence]
cidr = 0.6

[retention]
flow = "90d"
"""


def test_load_config_reads_sources_with_their_options(tmp_path: Path) -> None:
    path = tmp_path / "shadowscan.toml"
    path.write_text(TEXT)

    config = load_config(path)

    assert config.sources[0].options == (("profile", "audit"),)
    assert config.settings.dns_window == timedelta(minutes=30)
    assert config.ownership.confidence.cidr == 0.6
    assert config.retention.periods() == {"flow": timedelta(days=90)}


def test_load_config_without_a_file_looks_back_six_hours_of_dns() -> None:
    assert load_config(None).settings.dns_window == timedelta(hours=6)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[settings]\ndns_widnow = "6h"\n', 2, "did you mean 'dns_window'?"),
        ('[retention]\nflow = "90days"\n', 2, "is not a duration"),
        ("[ownership.confidence]\ncidr = 1.5\n", 2, "less than or equal to 1"),
        ("[settings\n", 1, "not valid TOML"),
        ('[[sources]]\nprofile = "x"\n', 1, "sources[0].target is missing"),
    ],
)
def test_load_config_refuses_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "shadowscan.toml"
    path.write_text(text)

    with pytest.raises(ConfigError) as refused:
        load_config(path)

    assert message in str(refused.value)
    assert refused.value.location is not None and refused.value.location.line == line


def test_retention_names_bulk_tables_only() -> None:
    base = {name for name, table in load_tables().items() if table.kind == "base"}

    assert set(Retention.model_fields) <= base
