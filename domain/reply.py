"""The reply (答复): what we vouch for, and the draft of it while nothing is vouched for yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.document_number import DocumentNumber
from domain.reading.paragraph import Paragraph
from domain.reading.place import Seen


class ReplyKind(StrEnum):
    """文种 as the title ends; the values are the JSON words."""

    REPLY = "答复"
    REPLY_LETTER = "答复函"
    LETTER_IN_REPLY = "复函"
    REPLY_TEXT = "复文"
    SUMMARY = "答复摘要"
    JOINT_OPINION = "会办意见"
    ASSISTING_OPINION = "协办意见"
    FURTHER_REPLY = "再次答复"


class SubmissionKind(StrEnum):
    """What is answered. A 建议 is not a 提案; the body decides which, not the word alone."""

    SUGGESTION = "建议"
    PROPOSAL = "提案"


class DisclosureAttribute(StrEnum):
    """公开属性: the three legal types of the OGI Regulations (State Council Order 711)."""

    PROACTIVE = "主动公开"
    ON_APPLICATION = "依申请公开"
    WITHHELD = "不予公开"


class DisclosureExtent(StrEnum):
    """全文 or 摘要, as the State Council's notice of 2014 (国办发〔2014〕46号) allows both."""

    FULL_TEXT = "全文"
    SUMMARY = "摘要"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The mark and what it means."""

    raw: str
    attribute: DisclosureAttribute | None
    """None: the mark's words are in no table."""
    extent: DisclosureExtent | None
    marks: tuple[Seen, ...] = ()
    """Every mention, where it stood and as it was written: the evidence for the attribute."""


@dataclass(frozen=True, slots=True)
class HandlingResult:
    """办理结果: the printed mark, and its meaning by the table of that authority."""

    raw: str
    normalised: str | None
    """None: the mark is in no table of this authority."""
    scheme: str | None
    """The name of the table that explained it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The suggestion or proposal that is answered."""

    kind: SubmissionKind | None
    body: str | None
    """区政协, 市人大, 全国人大, as written in the title."""
    term: int | None
    """届; 15 in 十五届三次."""
    session: int | None
    """次; 3 in 十五届三次."""
    numbers: tuple[str, ...]
    """Strings: they may carry letters and leading zeros."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields by their meaning, each None or empty where the page did not say it. Shown, never published."""

    kind: ReplyKind | None = None
    title: str | None = None
    document_number: DocumentNumber | None = None
    issuing_authority: str | None = None
    signatory: str | None = None
    addressees: tuple[str, ...] = ()
    date_of_issue: date | None = None
    date_of_distribution: date | None = None
    distributing_office: str | None = None
    copied_to: tuple[str, ...] = ()
    submission: Submission | None = None
    handling_result: HandlingResult | None = None
    disclosure: Disclosure | None = None
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that may be published. Only `domain.gate.review` makes one, because a rule said yes."""

    kind: ReplyKind
    title: str
    document_number: DocumentNumber
    issuing_authority: str
    area_code: str
    """Six digits of GB/T 2260 of the issuing authority's area."""
    signatory: str | None
    addressees: tuple[str, ...]
    date_of_issue: date
    date_of_distribution: date | None
    distributing_office: str | None
    copied_to: tuple[str, ...]
    submission: Submission
    handling_result: HandlingResult | None
    disclosure: Disclosure
    extent: DisclosureExtent
    paragraphs: tuple[Paragraph, ...]
