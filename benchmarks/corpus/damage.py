"""What happens to a PDF after it was typeset: printed and scanned, its text layer lost or made worse."""

from __future__ import annotations

from pathlib import Path
from random import Random

CONDITIONS: dict[str, tuple[str, ...]] = {"reportlab": ("gbk", "unigb")}


def damage(pdf: Path, condition: str, chance: Random) -> None:
    """Change the file in place."""
