"""A company's own vendor entries: where they live, and the catalogue with them in it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shadowscan.catalog import Catalog, load_catalog
from shadowscan.errors import ConfigError

if TYPE_CHECKING:
    from shadowscan.config import Config

DEFAULT_FOLDER = Path(".shadowscan/vendors")
CONFIG_NAME = "shadowscan.toml"


def open_catalog(config: str = "") -> Catalog:
    """The catalogue as the configuration given, or the one in this folder, extends it."""
    return load_catalog(_folder(config))


def vendor_folder(config: "Config", find: Callable[[Path], Path] = Path) -> Path:
    """The folder that `[settings] vendors` names, else the default one; raises where a named one does not exist.

    `find` gives the folder to read in its place: under `--diff`, one of what BASE has there.
    """
    folder = find(named_folder(config))
    if config.settings.vendors and not folder.is_dir():
        raise ConfigError(
            f"[settings] vendors = {config.settings.vendors!r} is no folder",
            hint="`shadowscan vendors update --from FILE` makes it",
        )
    return folder


def named_folder(config: "Config") -> Path:
    """The folder of own entries, whether it is there or not."""
    return Path(config.settings.vendors) if config.settings.vendors else DEFAULT_FOLDER


def _folder(config: str) -> Path:
    """Without a configuration nothing that reads one is imported: `vendors match` starts in a blink."""
    if not config and not Path(CONFIG_NAME).is_file():
        return DEFAULT_FOLDER
    from shadowscan.config import CONFIG_NAMES, existing_file, load_config

    return vendor_folder(load_config(existing_file(config, CONFIG_NAMES)))
