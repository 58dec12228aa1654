"""Where the specimen of each finding code lives that the domain cannot make: codes of the file itself.

Those that review makes are in `tests.domain.specimens`. Each value is the folder of tests in which the
code is earned.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TESTS = Path(__file__).parent

ELSEWHERE: Mapping[str, str] = {
    "empty-file": "adapters",
    "not-a-pdf": "adapters",
    "ofd-file": "adapters",
    "pdf-damaged": "adapters",
    "pdf-encrypted": "adapters",
    "file-too-large": "adapters",
    "too-many-pages": "adapters",
    "foreign-bytes": "adapters",
    "page-count-disputed": "adapters",
    "active-content": "adapters",
    "reading-bounds-exceeded": "adapters",
    "text-hidden": "adapters",
    "text-disputed": "adapters",
    "hidden-layer": "adapters",
    "earlier-revision": "adapters",
    "leftover-data": "adapters",
    "picture-data": "adapters",
    "text-off-page": "adapters",
    "text-tiny": "adapters",
    "text-overlaid": "adapters",
    "original-vanished": "flows",
    "page-without-text": "adapters",
    "text-garbled": "adapters",
    "text-in-picture": "adapters",
    "page-read-by-ocr": "adapters",
    "garbled-page-read-by-ocr": "adapters",
    "picture-read-by-ocr": "adapters",
    "text-turned": "adapters",
    "turned-page-read-by-ocr": "adapters",
    "page-foreign": "adapters",
    "page-overcrowded": "adapters",
    "page-traditional": "adapters",
    "readers-disagree": "adapters",
}
