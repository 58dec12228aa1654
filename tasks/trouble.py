"""What may go wrong in a step, told in one plain sentence that holds nothing of the document."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from traceback import extract_tb
from typing import ParamSpec, TypeVar

from adapters.isolation.reader_pool import ReaderUnavailableError
from adapters.pdf.trust import TrustFolderError
from adapters.record.public_record import FencedOff, RecordBroken
from adapters.record.publisher_key import PublisherKeyMissing
from adapters.record.vault import OriginalDamaged, ReceiptContradicted
from adapters.record.withdrawal import NotPublic, SecondPersonNeeded, StillThere
from adapters.store.store_errors import StoreError, StoreUnavailable
from adapters.store.writer_lock import WriterLockBusy

P = ParamSpec("P")
R = TypeVar("R")

_PASSES = (StoreUnavailable, WriterLockBusy, ReaderUnavailableError, TrustFolderError)
_PLAIN = (
    StoreError, WriterLockBusy, FencedOff, RecordBroken, OriginalDamaged, ReceiptContradicted, PublisherKeyMissing,
    TrustFolderError,
)  # fmt: skip
_KEPT = "文件没有丢失，也没有因此公开，系统会自动重试。"


class StepFailed(Exception):  # noqa: N818 - named for what is the case
    """A broken world or a broken us, never a document. `str()` is one Chinese sentence without private data."""

    def __init__(self, sentence: str, *, passes: bool = False) -> None:
        super().__init__(sentence)
        self.passes = passes
        """Whether it is worth trying again by itself in a moment."""


def telling_plainly(step: Callable[P, R]) -> Callable[P, R]:
    """Let the step fail only with StepFailed: what it raises is shown in Prefect's UI and kept in its database."""

    @wraps(step)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever it is, its words may quote the document
            raise in_plain_words(error) from None

    return told


def in_plain_words(error: Exception) -> StepFailed:
    """The same failure without anything that may quote a document."""
    if isinstance(error, StepFailed):
        return error
    passes = isinstance(error, _PASSES)
    if isinstance(error, NotPublic | SecondPersonNeeded | StillThere):
        return StepFailed(str(error))
    if isinstance(error, _PLAIN):
        return StepFailed(f"{error}{_KEPT}", passes=passes)
    if isinstance(error, ReaderUnavailableError):
        return StepFailed(f"读取 PDF 的子进程无法启动。请管理员检查安装。{_KEPT}", passes=passes)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return StepFailed(f"本机磁盘空间不足。请管理员清理磁盘。{_KEPT}")
    return StepFailed(f"程序出错（{type(error).__name__}，{_place(error)}）。请联系维护人员。{_KEPT}")


def _place(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行" if frames else "位置不明"
