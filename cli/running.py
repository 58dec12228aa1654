"""What runs on this machine: `fuwen up` writes the addresses and keys down for this user, other commands find them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from cli.speech import say
from config.settings import Settings

_STORE = ("s3_endpoint_url", "s3_access_key", "s3_secret_key", "store_folder", "public_url")
_PREFECT = ("prefect_api_url", "prefect_ui_url")
_TABLES = ("config_dir", "trust_dir", "crl_dir")

_KINDS: Mapping[str, Callable[[str], object]] = {
    "s3_secret_key": SecretStr,
    **dict.fromkeys(("store_folder", *_TABLES), Path),
}


def write_down(settings: Settings) -> None:
    """Keep the addresses, keys and tables of the running stack, readable by this user only."""
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {name: _plain(getattr(settings, name)) for name in (*_STORE, *_PREFECT, *_TABLES)}
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(json.dumps(values | {"pid": os.getpid()}), encoding="utf-8")
    draft.replace(path)


def forget(settings: Settings) -> None:
    """The stack has stopped."""
    _path(settings).unlink(missing_ok=True)


def settings_here(settings: Settings | None = None) -> Settings:
    """The settings, completed by what runs on this machine where they name no store, server or tables of their own.

    What a stack that was killed left behind is not believed.
    """
    settings = settings or Settings()
    running = _running(settings)
    if running is None:
        return settings
    names = (() if settings.s3_endpoint_url else _STORE) + (() if settings.prefect_api_url else _PREFECT) + _TABLES
    found = {name: running[name] for name in names if running.get(name) and getattr(settings, name) is None}
    return settings.model_copy(update={name: _KINDS.get(name, str)(value) for name, value in found.items()})


def names_a_server(settings: Settings) -> bool:
    """Whether it is known where Prefect's server is; says so if not. Without it, work would be waited for in vain."""
    if settings.prefect_api_url or "PREFECT_API_URL" in os.environ:
        return True
    say(
        "不知道 Prefect 服务在哪里：请设置 FUWEN_PREFECT_API_URL，或先运行 fuwen up。",
        "Where Prefect's server is, is not known: set FUWEN_PREFECT_API_URL, or run fuwen up first.",
        error=True,
    )
    return False


def _running(settings: Settings) -> dict[str, Any] | None:
    try:
        written: dict[str, Any] = json.loads(_path(settings).read_text(encoding="utf-8"))
        os.kill(int(written["pid"]), 0)
    except PermissionError:
        return None  # another user's: neither the file nor the process is for us
    except (FileNotFoundError, ProcessLookupError, ValueError, KeyError):
        return None
    return written


def _path(settings: Settings) -> Path:
    return settings.data_dir / "running.json"


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value.absolute()) if isinstance(value, Path) else value
