"""Read the pinned file in a bounded child."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from adapters.record.vault import Receipt
from domain.gate.evidence import Evidence
from tasks.premises import premises
from tasks.step import step


@step
def read_original(receipt: Receipt) -> Evidence:
    """Inspect, verify and read the original. A document that is no good comes back with findings. Raises StepFailed."""
    with original_at_hand(receipt) as path:
        return premises().readers.read(path, datetime.now(UTC))


@contextmanager
def original_at_hand(receipt: Receipt) -> Iterator[Path]:
    """The original as a file of this machine, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="fuwen-read-") as folder:
        path = Path(folder) / "original.pdf"
        premises().vault.download_original(receipt.sha256, path)
        yield path
