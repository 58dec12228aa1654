"""How Prefect is to behave in a process of ours. Prefect reads it when it is imported, so set it before."""

from __future__ import annotations

from config.settings import Settings


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Environment variables for Prefect's client: where the server is, and that nothing else leaves this machine."""
    home = (settings.data_dir / "prefect").absolute()
    named = {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Started by accident, an ephemeral server would take runs that nobody sees.
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # One log, of JSON lines, without the names of files: where Prefect would print, a handler of ours stands.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_CLASS": "config.log_lines.LibraryLines",
        "PREFECT_LOGGING_HANDLERS_DEBUG_CLASS": "config.log_lines.LibraryLines",
        "DO_NOT_TRACK": "1",
    }
    if settings.prefect_api_url:
        named["PREFECT_API_URL"] = settings.prefect_api_url
    if settings.prefect_ui_url:
        named["PREFECT_UI_URL"] = settings.prefect_ui_url
    return named
