"""What runs on this machine: `fuwen up` writes the addresses and keys down for this user, other commands find them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from config.settings import Settings

_NAMES = (
    "s3_endpoint_url",
    "s3_access_key",
    "s3_secret_key",
    "store_folder",
    "public_url",
    "prefect_api_url",
    "prefect_ui_url",
)


def write_down(settings: Settings) -> None:
    """Keep the addresses and keys of the running stack, readable by this user only."""
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {name: _plain(getattr(settings, name)) for name in _NAMES}
    values["pid"] = str(os.getpid())
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(values), encoding="utf-8")
    draft.replace(path)


def forget(settings: Settings) -> None:
    """The stack has stopped."""
    _path(settings).unlink(missing_ok=True)


def settings_here(settings: Settings | None = None) -> Settings:
    """The settings, completed by what runs on this machine where they name no store of their own."""
    settings = settings or Settings()
    if settings.s3_endpoint_url or not _path(settings).exists():
        return settings
    values = json.loads(_path(settings).read_text(encoding="utf-8"))
    found = {name: values[name] for name in _NAMES if values.get(name)}
    # Built anew, so that a secret becomes one again; what is set by name stands before what is found.
    chosen = settings.model_dump(exclude_none=True)
    return Settings.model_validate(found | chosen)


def _path(settings: Settings) -> Path:
    return settings.data_dir / "running.json"


def _plain(value: object) -> object:
    if hasattr(value, "get_secret_value"):
        return value.get_secret_value()
    return str(value) if isinstance(value, Path) else value
