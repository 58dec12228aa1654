"""Canonical JSON: the same value gives the same bytes, whoever writes it and whenever.

Sorted keys, UTF-8, no white space, no NaN: what RFC 8785 asks for where keys are ASCII and numbers are integers.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, cast

Json = dict[str, Any]
"""A JSON object as `json.loads` gives it."""

# Half of a surrogate pair is no character and has no UTF-8; fonts with broken tables produce it.
_NOT_A_CHARACTER = re.compile("[\ud800-\udfff]")


def canonical_json(document: Mapping[str, object]) -> bytes:
    """The bytes of the document. Raises TypeError or ValueError for what JSON cannot say."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return _NOT_A_CHARACTER.sub("\ufffd", text).encode()


def parse_json(body: bytes) -> Json:
    """The JSON object in these bytes. Raises ValueError if they hold anything else."""
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return cast("Json", document)


def sha256_hex(body: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(body).hexdigest()
