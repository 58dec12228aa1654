"""Log lines: one JSON object each, on standard error. Events, not stories; nothing private.

What libraries say is told by its place in their code, never by its words: Prefect's lines hold the names of runs, which
are the names of files, and a PDF reader's warnings quote the page. An operator reads the story in Prefect's UI.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

_RUNS: Final = ("prefect.flow_runs", "prefect.task_runs")


def write_log_lines() -> None:
    """Set the process's log up; call once, at the entry point, before Prefect is imported."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    warnings.showwarning = _told_of_warning
    logging.basicConfig(level=logging.WARNING, handlers=[LibraryLines()], force=True)
    threading.excepthook = _told_of_thread


class LibraryLines(logging.Handler):
    """Writes that a library said something: who, how bad, and where in its code. Not what.

    `config.prefect_environment` puts it in the place of Prefect's own console, whose other options are of no use here.
    """

    def __init__(self, **_: Any) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line. What Prefect says of a run is in its UI already."""
        if record.name.startswith(_RUNS):
            return
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        level = logging.ERROR if record.levelno >= logging.ERROR else logging.WARNING
        place = f"{record.module}:{record.lineno}"
        structlog.get_logger().log(level, "library.said", logger=record.name, place=place, error=error)


def _told_of_warning(
    message: Warning | str,  # noqa: ARG001  its words may quote a document
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    structlog.get_logger().warning("library.warned", error=category.__name__, place=f"{filename}:{lineno}")


def _told_of_thread(ended: threading.ExceptHookArgs) -> None:
    """A thread that ends by an error is told like everything else: the error's words may quote a document."""
    name = ended.thread.name if ended.thread else None
    place = _place(ended.exc_traceback)
    structlog.get_logger().error("thread.ended", thread=name, error=ended.exc_type.__name__, place=place)


def _place(trace: TracebackType | None) -> str | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else None
