"""What the pages seem to say. `RawReply` promises nothing; only `domain.gate.review` turns one into a `Reply`."""

from __future__ import annotations

from dataclasses import dataclass

from domain.reading.paragraph import Paragraph
from domain.reading.place import Seen


@dataclass(frozen=True, slots=True)
class RawSubmission:
    """What the title says of the submission that is answered: 对区政协十五届三次会议第153047号提案的答复."""

    meeting: Seen | None = None
    """The words that name the meeting, such as 区政协十五届三次会议."""
    numbers: tuple[Seen, ...] = ()
    """Each number as written between 第 and 号: `153047`, `21-013`, `T007`. Never an integer."""
    kind: Seen | None = None
    """提案 or 建议, as the title calls it."""


@dataclass(frozen=True, slots=True)
class RawReply:
    """Every field as it was seen, several where the page says something several times."""

    title: Seen | None = None
    masthead: Seen | None = None
    """发文机关标志, 7.2.4, with its word 文件 where it has one."""
    document_numbers: tuple[Seen, ...] = ()
    """发文字号, 7.2.5. In the head of the letter only: a number quoted in the body is not one; two are two."""
    signatory: Seen | None = None
    addressees: tuple[Seen, ...] = ()
    submission: RawSubmission = RawSubmission()
    result_marks: tuple[Seen, ...] = ()
    """办理结果 / 类别, each mention; `text` is the value without its label: `采纳解决`, `A`, `C`."""
    disclosure_marks: tuple[Seen, ...] = ()
    """公开属性, each mention: at the top, glued to the number, in the note at the end.

    `text` is the value without its label: `主动公开·全文`, `同意公开`.
    """
    secrecy_marks: tuple[Seen, ...] = ()
    """密级, 内部资料 and the like (7.2.2), wherever they stand as a mark."""
    copy_number: Seen | None = None
    """份号 (7.2.1): only a classified paper numbers its copies."""
    signature_block: Seen | None = None
    date_of_issue: Seen | None = None
    """成文日期 as written, damaged or not: `2024年5月17日`, `2018717`."""
    date_of_distribution: Seen | None = None
    distributing_office: Seen | None = None
    copied_to: tuple[Seen, ...] = ()
    notes: tuple[Seen, ...] = ()
    contacts: tuple[Seen, ...] = ()
    """联系人, 电话, 承办人 blocks. Personal data: never to be logged."""
    attachments: tuple[Seen, ...] = ()
    """附件 as the list of attachments names them, 7.3.4."""
    paragraphs: tuple[Paragraph, ...] = ()
    """The letter from the salutation to the imprint."""
