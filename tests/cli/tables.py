"""An office's own tables, in which the coming year stands as well: whatever day it is, the calendar is no reason."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from config.packaged_calendar import packaged_years


def tables_for_today(folder: Path, like: Path | None = None) -> Path:
    """The folder, made with the tables of another one and an invented calendar where the packaged one ends."""
    if like:
        shutil.copytree(like, folder)
    else:
        folder.mkdir()
    this = datetime.now(UTC).year
    years = sorted({this, this + 1} - packaged_years().keys())
    rows = [f'[[year]]\nyear = {year}\nsource = "invented"\nholidays = [{year}-01-01]\n' for year in years]
    (folder / "calendar.toml").write_text("\n".join(rows), encoding="utf-8")
    return folder
