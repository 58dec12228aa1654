"""Pages as pictures: drawn in the bounded child, checked when they come back."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from adapters.isolation.reader_pool import PreviewUnavailableError, ReaderPool
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf import page_pictures
from adapters.pdf.page_pictures import PagePicture
from adapters.pdf.trust import TrustAnchors
from domain.evidence_json import EvidenceShapeError
from tests.adapters.signed_pdfs import plain_pdf

_JPEG = base64.b64encode(b"\xff\xd8\xff\xe0 JFIF").decode()


def test_every_page_is_drawn_in_the_child(tmp_path: Path) -> None:
    """As many pictures as pages, each with the size of its page; a file that is none has none."""
    letter, other = tmp_path / "a.pdf", tmp_path / "b.pdf"
    letter.write_bytes(plain_pdf(3))
    other.write_bytes(b"nothing")
    with ReaderPool(1, ReadingLimits(), TrustAnchors()) as pool:
        pictures = pool.pictures(letter)
        with pytest.raises(PreviewUnavailableError):
            pool.pictures(other)
    assert [picture.page for picture in pictures] == [1, 2, 3]
    assert all(picture.width > 100 < picture.height for picture in pictures)


def test_what_was_written_is_read_again() -> None:
    """The pictures survive the pipe."""
    pictures = (PagePicture(1, 595.0, 842.0, _JPEG),)
    assert page_pictures.read(page_pictures.written(pictures)) == pictures


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b'{"pages": [1]}',
        json.dumps({"pages": [{"page": 1, "width": 595.0, "height": 842.0, "jpeg": '"><script>'}]}).encode(),
        json.dumps({"pages": [{"page": 1, "width": 595.0, "height": 842.0, "jpeg": ""}]}).encode(),
        json.dumps({"pages": [{"page": 1, "width": 0.0, "height": 842.0, "jpeg": _JPEG}]}).encode(),
        json.dumps({"pages": [{"page": 1, "width": 595.0, "height": -1.0, "jpeg": _JPEG}]}).encode(),
    ],
)
def test_a_child_that_was_taken_over_draws_nothing(answer: bytes) -> None:
    """Only pictures come through, and nothing that could be markup."""
    with pytest.raises(EvidenceShapeError):
        page_pictures.read(answer)
