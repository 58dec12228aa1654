"""Log lines: one JSON object each, on standard error. Events, not stories; nothing private."""

from __future__ import annotations

import sys

import structlog


def write_log_lines() -> None:
    """Set the process's log up; call once, at the entry point."""
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
