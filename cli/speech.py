"""What the command line says to a person, in the person's language. Nothing but asked-for output goes to stdout."""

from __future__ import annotations

import os
import sys
from enum import StrEnum


class Language(StrEnum):
    """The two languages of the project."""

    CHINESE = "zh-CN"
    ENGLISH = "en"

    @classmethod
    def of_environment(cls) -> Language:
        """English when `FUWEN_LANG` begins with en, else Chinese."""
        return cls.ENGLISH if os.environ.get("FUWEN_LANG", "").lower().startswith("en") else cls.CHINESE


def words(zh: str, en: str) -> str:
    """The sentence in the person's language."""
    return en if Language.of_environment() is Language.ENGLISH else zh


def say(zh: str, en: str, *, error: bool = False) -> None:
    """Print one line; what is not the asked-for output belongs on stderr (`error=True`)."""
    print(words(zh, en), file=sys.stderr if error else sys.stdout)
