"""What the name of a file in the inbox tells: whether it is meant for us yet, and whether it corrects something."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNFINISHED_SUFFIXES = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".lock")
_REPLY_ID = re.compile(r"[0-9]{6}-[a-z2-7]{12}")


@dataclass(frozen=True, slots=True)
class CorrectionMark:
    """The file was dropped as a correction."""

    reply_id: str | None
    """The reply that it names; None where the identity in the letter tells which one it corrects."""


def is_left_alone(key: str) -> bool:
    """Whether the key names a folder, or a file that some program is still working on or keeps for itself.

    Leading dots hide rclone's own temporary files, macOS droppings and the like; `~$` are Word's locks.
    """
    name = key.rsplit("/", 1)[-1]
    hidden = any(part.startswith((".", "~$")) for part in key.split("/"))
    return not name or hidden or name.endswith("~") or name.lower().endswith(_UNFINISHED_SUFFIXES)


def correction_mark(key: str, prefix: str) -> CorrectionMark | None:
    """Its mark, as in `更正/答复.pdf` or `更正/330000-abcdefghijkl/答复.pdf`; None if it is no correction."""
    if not prefix or not key.startswith(prefix):
        return None
    folder, slash, _ = key.removeprefix(prefix).partition("/")
    return CorrectionMark(folder if slash and _REPLY_ID.fullmatch(folder) else None)
