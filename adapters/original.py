"""Everything that is learned from the bytes of one original, in process.

Where the bytes are a stranger's, call it through `adapters.reader_pool`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from adapters.inspection import Inspection, inspect
from adapters.reading_limits import ReadingLimits
from adapters.signature import verify_signatures
from adapters.trust import TrustAnchors
from domain.evidence import Evidence, SignatureStatus, SignatureVerdict
from domain.raw_reply import RawReply

_NOT_OPENED = SignatureVerdict(SignatureStatus.INDETERMINATE, "文件没有打开，未能核验签名。")


def read_original(
    data: bytes,
    trust: TrustAnchors,
    limits: ReadingLimits,
    now: datetime,
    on_step: Callable[[], None] = lambda: None,
) -> Evidence:
    """Inspect, verify and read the bytes of one original; signatures are judged as of `now`.

    Calls `on_step` after each part, so that whoever waits knows that work goes on. Never raises for what the bytes
    contain, except MemoryError.
    """
    inspection = inspect(data, limits)
    on_step()
    signature = verify_signatures(data, trust, now) if inspection.pages else _NOT_OPENED
    on_step()
    return _evidence(data, inspection, signature)


def _evidence(data: bytes, inspection: Inspection, signature: SignatureVerdict) -> Evidence:
    return Evidence(
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        pages=inspection.pages,
        signature=signature,
        raw=RawReply(),
        findings=inspection.findings,
    )
