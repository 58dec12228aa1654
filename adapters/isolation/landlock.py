"""Files of some folders may be read and no other file opened, for the rest of a process's life (Linux 5.13)."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress

# linux/landlock.h; the numbers are the same on all machines since Linux 5.13.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EVERY_ACCESS = (1 << 13) - 1
"""All that the first version of Landlock knows: what is not known to be handled would be allowed."""
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_PATH_BENEATH = 1


def restrict_to(folders: Iterable[str]) -> None:
    """Leave this process the reading of these folders, and no new file beside. Folders that are not there are left out.

    It must have given up new privileges already. Raises OSError where the kernel does not offer it.
    """
    if sys.platform != "linux":
        raise OSError("only Linux has Landlock")
    rules = _call(_CREATE_RULESET, struct.pack("=Q", _EVERY_ACCESS), 8, 0)
    try:
        for folder in folders:
            with suppress(FileNotFoundError):
                _allow(rules, folder)
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, folder: str) -> None:
    handle = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", _READ_FILE | _READ_FOLDER, handle), 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: int | bytes) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *words))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
