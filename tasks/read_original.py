"""Read the pinned file in a bounded child."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.record.vault import Receipt
from domain.gate.evidence import Evidence
from domain.gate.patience import awaits_revocation_list
from tasks.premises import premises
from tasks.step import step
from tasks.trouble import StepFailed

_WAITING = (
    "证书吊销列表缺失或已过期，暂时无法确认签名证书未被吊销。请管理员更新吊销列表目录（FUWEN_CRL_DIR）；"
    "文件没有丢失，也没有因此公开，更新后系统会自动重试，久未更新则转人工处理。"
)


@step
def read_original(receipt: Receipt) -> Evidence:
    """Inspect, verify and read the original. A document that is no good comes back with findings.

    Raises StepFailed, also while it waits for a current list of revoked certificates: the sweep tries it again.
    """
    now = datetime.now(UTC)
    with original_at_hand(receipt) as path:
        evidence = premises().readers.read(path, now)
    patience = timedelta(hours=premises().settings.crl_patience_hours)
    if awaits_revocation_list(evidence.signature, datetime.fromisoformat(receipt.received_at), now, patience):
        raise StepFailed(_WAITING)
    return evidence


@contextmanager
def original_at_hand(receipt: Receipt) -> Iterator[Path]:
    """The original as a file of this machine, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="fuwen-read-") as folder:
        path = Path(folder) / "original.pdf"
        premises().vault.download_original(receipt.sha256, path)
        yield path
