"""Letters for tests: one good letter, in which any one thing can be changed.

    pdf_of(letter())                                                 # would be published
    pdf_of(letter(marks=("办理结果：采纳解决",)))                      # nothing says that it may be public
    pdf_of(letter(), signed=False)

Nothing here needs a system font, a clock or a network; the same letter gives the same bytes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from samples.certificates import TRUST
from samples.letter import Letter
from samples.page import unsigned_pdf
from samples.signing import replace_page, sign

__all__ = ["SAMPLE_ROOT", "SIGNED_AT", "Letter", "letter", "pdf_of", "tampered_pdf"]

SAMPLE_ROOT = TRUST
"""The PEM file of the root that signs the letters."""

SIGNED_AT = datetime(2024, 6, 12, 9, 30, tzinfo=timezone(timedelta(hours=8)))
"""When the letters are signed, unless a test says otherwise."""

_GOOD = Letter(
    marks=("办理结果：采 纳 解 决", "公开属性：主动公开·全文"),
    masthead="枫浦区砚溪镇人民政府文件",
    document_number="砚府〔2024〕29号",
    signatory="岑叙白",
    title=("对区政协十五届三次会议", "第153088号提案的答复"),
    salutation="闻若溪委员：",
    body=(
        "您提出的关于在砚溪河边增加长椅的提案收悉，现答复如下：",
        "一、已经完成的工作",
        "镇政府沿河两岸共选定安放位置36处，其中有树荫的22处，靠近公交站的8处。首批长椅20张已于5月底安放完毕，两端设有扶手。",
        "二、下一步的打算",
        "第二批长椅16张计划在9月以前安放。今后每年春秋两季各检修一次，损坏的在7日以内更换。",
        "感谢您对砚溪河环境的关心。",
    ),
    signature="枫浦区砚溪镇人民政府",
    date_of_issue="2024年6月11日",
    distributing_office="砚溪镇党政办公室",
    date_of_distribution="2024年6月12日印发",
    seal="枫浦区砚溪镇人民政府",
)


def letter(**changes: Any) -> Letter:
    """A letter that would be published, with these elements changed (the fields of `samples.letter.Letter`)."""
    return replace(_GOOD, **changes)


def pdf_of(
    of: Letter | None = None,
    *,
    signed: bool = True,
    signer: str = "yanxi",
    signed_at: datetime = SIGNED_AT,
    pades: bool = False,
    password: str = "",
) -> bytes:
    """The letter as a PDF.

    Args:
        of: The letter; the good one if left out.
        signed: Whether it carries a digital signature over the whole file.
        signer: A key of samples/keys.
        signed_at: When it was signed, with a time zone.
        pades: PAdES instead of adbe.pkcs7.detached.
        password: What the file is encrypted with; an encrypted file is not signed.
    """
    pdf = unsigned_pdf(of or _GOOD, password=password)
    return sign(pdf, signer, signed_at, pades=pades) if signed and not password else pdf


def tampered_pdf(of: Letter, shown: Letter, *, page: int = 0) -> bytes:
    """A signed letter whose page (from 0) was exchanged afterwards for that of another letter."""
    return replace_page(pdf_of(of), unsigned_pdf(shown), page)
