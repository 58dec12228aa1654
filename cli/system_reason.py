"""Why the system refused something, in the person's language: its own words are English on most machines."""

from __future__ import annotations

import errno
from typing import Final

from cli.speech import words

_REASONS: Final = {
    errno.ENOENT: ("没有这个文件或目录", "there is no such file or folder"),
    errno.EISDIR: ("这是一个目录，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: ("路径中有一段是文件，不是目录", "a part of the path is a file, not a folder"),
    errno.EACCES: ("没有权限", "permission denied"),
    errno.EPERM: ("没有权限", "permission denied"),
    errno.EROFS: ("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: ("磁盘空间不足", "no space left on the disk"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EMFILE: ("打开的文件太多", "too many open files"),
    errno.ENAMETOOLONG: ("名称太长", "the name is too long"),
    errno.EADDRINUSE: ("端口已被占用", "the port is taken"),
    errno.EIO: ("磁盘读写出错", "the disk fails"),
}


def system_reason(error: OSError) -> str:
    """The reason without a full stop; in the system's own words where we have none."""
    known = _REASONS.get(error.errno or 0)
    return words(*known) if known else error.strerror or type(error).__name__
