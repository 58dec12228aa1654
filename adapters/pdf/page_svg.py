"""One page as a picture that stands alone, with boxes around what was read and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from adapters.pdf.evidence_page import FIELD_LABELS
from adapters.pdf.page_pictures import PagePicture

Json = dict[str, Any]

_FIELD, _COLOURS = "#0b62c4", {"reject": "#b3161b", "hold": "#d97706", "warn": "#98a2ab"}
_FONT = "Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"


def page_svg(record: Json, picture: PagePicture) -> str:
    """The page of this record (`domain.record.read_record`). It loads nothing and holds no script."""
    width, height = f"{picture.width:.2f}", f"{picture.height:.2f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{picture.jpeg}"/>'
        f"{''.join(_boxes(record, picture))}</svg>\n"
    )


def _boxes(record: Json, picture: PagePicture) -> Iterator[str]:
    for seen in record["evidence"]:
        # What stands within the title would only cover it.
        if seen["page"] == picture.page and seen["box"] and not seen["field"].startswith("submission."):
            yield _box(seen["box"], picture, _FIELD, 0.8) + _label(seen, picture)
    for finding in record["findings"]:
        if finding["page"] == picture.page and finding.get("box"):
            yield _box(finding["box"], picture, _COLOURS[finding["grade"]], 2.0, wider=3.0)


def _box(box: Sequence[float], picture: PagePicture, colour: str, stroke: float, wider: float = 1.0) -> str:
    left, bottom, right, top = box
    return (
        f'<rect x="{left - wider:.2f}" y="{picture.height - top - wider:.2f}" rx="1.5" '
        f'width="{right - left + 2 * wider:.2f}" height="{top - bottom + 2 * wider:.2f}" '
        f'fill="{colour}" fill-opacity="0.07" stroke="{colour}" stroke-width="{stroke}"/>'
    )


def _label(seen: Json, picture: PagePicture) -> str:
    left, _, _, top = seen["box"]
    return (
        f'<text x="{left - 1:.2f}" y="{picture.height - top - 2.5:.2f}" font-family="{_FONT}" font-size="9.5" '
        f'fill="{_FIELD}">{escape(FIELD_LABELS[seen["field"]][0])}</text>'
    )
