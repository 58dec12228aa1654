"""Pictures of pages, as the child that draws them hands them to whoever shows them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass

from domain.evidence_json import EvidenceShapeError, from_plain, to_plain

JPEG_START = b"\xff\xd8\xff"
"""The first bytes of every JPEG file."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page, drawn."""

    page: int
    """The first is 1."""
    width: float
    """Of the page as it is shown, in PDF points."""
    height: float
    jpeg: str
    """The picture, in base64."""


@dataclass(frozen=True, slots=True)
class _Pictures:
    pages: tuple[PagePicture, ...]


def written(pictures: Iterable[PagePicture]) -> bytes:
    """The pictures as they go through a pipe."""
    return json.dumps(to_plain(_Pictures(tuple(pictures)))).encode()


def read(answer: bytes) -> tuple[PagePicture, ...]:
    """The pictures again. Raises EvidenceShapeError where they are not what `written` writes."""
    try:
        pictures = from_plain(_Pictures, json.loads(answer)).pages
        for picture in pictures:
            decoded = base64.b64decode(picture.jpeg, validate=True)
            if not decoded.startswith(JPEG_START) or min(picture.width, picture.height) <= 0:
                raise EvidenceShapeError("a picture was expected")
    except (ValueError, RecursionError) as error:
        raise EvidenceShapeError("pictures were expected") from error
    return pictures
