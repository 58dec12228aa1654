"""One valid letter, and the means to change the one thing that matters.

Place, people and text are invented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from domain.disclosure import DisclosureWords
from domain.gate.case import Predecessor
from domain.gate.decision import Decision, Verdict, mark_of, stops
from domain.gate.evidence import (
    Evidence,
    PageReading,
    PageSource,
    Signature,
    SignatureProblem,
    SignatureStatus,
    SignatureVerdict,
)
from domain.gate.review import Review, draft, review
from domain.gate.rules import Authority, NumberScheme, Rules, SubmissionBodyRule
from domain.gate.working_days import Calendar, CalendarYear
from domain.handling_result import ResultTable
from domain.reading.paragraph import Paragraph, Role
from domain.reading.place import Box, Seen
from domain.reading.raw_reply import RawReply, RawSubmission
from domain.reply import DisclosureAttribute, DisclosureExtent

TODAY = date(2024, 5, 21)
SHA256 = "a1" * 32
REPLY_ID = "990199-abcdefghijkl"


def seen(text: str, raw: str | None = None, page: int = 1) -> Seen:
    """A value as the reader would give it."""
    return Seen(text, text if raw is None else raw, Box(page, 90, 700, 400, 716))


def paragraph(role: Role, text: str, page: int = 1) -> Paragraph:
    """A paragraph somewhere on a page."""
    return Paragraph(role, text, page, (Box(page, 90, 500, 520, 540),))


PARAGRAPHS = (
    paragraph(Role.SALUTATION, "沈岚汀委员："),
    paragraph(Role.BODY, "您提出的《关于完善河畔步道照明的提案》（第153047号提案）收悉。经研究，现答复如下："),
    paragraph(Role.HEADING1, "一、步道照明的现状"),
    paragraph(
        Role.BODY,
        "河畔步道全长约六公里，分三期建成。一期路段灯具使用年限较长，部分区段照度不足，夜间通行确有不便，我们已逐段登记。",
    ),
    paragraph(Role.HEADING1, "二、下一步安排"),
    paragraph(
        Role.BODY,
        "年内将更换一期路段的灯具，并在步道出入口增设指引灯箱。养护单位每周巡查一次，发现问题当日报修，结果在现场公示。",
        2,
    ),
    paragraph(Role.BODY, "感谢您对我镇工作的关心和支持。", 2),
    paragraph(Role.SIGNATURE, "云溪区柳桥镇人民政府", 2),
    paragraph(Role.DATE, "2024年5月17日", 2),
    paragraph(Role.IMPRINT, "柳桥镇党政办公室　2024年5月17日印发", 2),
)


def raw_reply(**changes: Any) -> RawReply:
    """A valid letter from a town to a CPPCC member, with these fields changed."""
    return replace(
        RawReply(
            title=seen("对区政协十五届三次会议第153047号提案的答复"),
            masthead=seen("云溪区柳桥镇人民政府文件"),
            document_numbers=(seen("柳府〔2024〕11号"),),
            signatory=seen("顾闻溪"),
            addressees=(seen("沈岚汀委员"),),
            submission=RawSubmission(
                meeting=seen("区政协十五届三次会议"), numbers=(seen("153047"),), kind=seen("提案")
            ),
            result_marks=(seen("解决采纳", "解 决 采 纳"),),
            disclosure_marks=(seen("主动公开·全文"),),
            signature_block=seen("云溪区柳桥镇人民政府", page=2),
            date_of_issue=seen("2024年5月17日", page=2),
            date_of_distribution=seen("2024年5月17日", page=2),
            distributing_office=seen("柳桥镇党政办公室", page=2),
            paragraphs=PARAGRAPHS,
        ),
        **changes,
    )


def with_text(text: str, role: Role = Role.BODY) -> RawReply:
    """The valid letter with one more paragraph in the middle."""
    return raw_reply(paragraphs=(*PARAGRAPHS[:4], paragraph(role, text), *PARAGRAPHS[4:]))


def signature(
    status: SignatureStatus = SignatureStatus.VALID,
    *,
    problem: SignatureProblem | None = None,
    signer: str = "云溪区柳桥镇人民政府",
    key: str = "5" * 64,
) -> SignatureVerdict:
    """A verdict on one signature."""
    detail, at = "证书由测试签发机构签发。", "2024-05-17T08:00:00Z"
    only = Signature(signer, status, detail, at, key_sha256=key, problem=problem)
    signed = status is not SignatureStatus.UNSIGNED
    return SignatureVerdict(status, detail, (signer,), at, (only,) if signed else (), problem)


def evidence(raw: RawReply | None = None, **changes: Any) -> Evidence:
    """Evidence of a valid letter of two pages, with these fields changed."""
    return replace(
        Evidence(
            sha256=SHA256,
            size_bytes=40_000,
            pages=2,
            signature=signature(),
            raw=raw or raw_reply(),
            reading=tuple(PageReading(page, PageSource.TEXT, 1.0) for page in (1, 2)),
        ),
        **changes,
    )


def predecessor(**changes: Any) -> Predecessor:
    """A published reply with other bytes."""
    return replace(Predecessor(REPLY_ID, 1, "b2" * 32, "published"), **changes)


YEARS: Mapping[int, CalendarYear] = {
    2023: CalendarYear(),
    2024: CalendarYear(
        holidays=frozenset({date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 3), date(2024, 6, 10)}),
        working_weekends=frozenset({date(2024, 5, 11)}),
    ),
    2025: CalendarYear(),
}

LETTERS = ResultTable("柳桥字母表", {"A": "解决采纳", "B": "计划解决", "C": "留作参考"})


def rules(**changes: Any) -> Rules:
    """Rules that know the invented authority, with these values changed."""
    return replace(
        Rules(
            identifier="test",
            version="0" * 64,
            disclosure=DisclosureWords(
                {
                    "主动公开": DisclosureAttribute.PROACTIVE,
                    "同意公开": DisclosureAttribute.PROACTIVE,
                    "依申请公开": DisclosureAttribute.ON_APPLICATION,
                    "不予公开": DisclosureAttribute.WITHHELD,
                    "不公开": DisclosureAttribute.WITHHELD,
                },
                {
                    "全文": DisclosureExtent.FULL_TEXT,
                    "全部公开": DisclosureExtent.FULL_TEXT,
                    "摘要": DisclosureExtent.SUMMARY,
                },
                frozenset({"部分公开"}),
            ),
            results=(
                ResultTable("通用用语", {"解决采纳": "解决采纳", "采纳解决": "解决采纳", "计划解决": "计划解决"}),
            ),
            authorities=(
                Authority(
                    "云溪区柳桥镇人民政府",
                    "990199",
                    short_names=("柳桥镇人民政府",),
                    issuer_codes=("柳府", "柳府函"),
                    results=(LETTERS,),
                ),
            ),
            bodies=(
                SubmissionBodyRule(
                    "990199",
                    "区政协",
                    NumberScheme("届2次1序号3", re.compile("(?P<term>[0-9]{2})(?P<session>[0-9])(?P<serial>[0-9]{3})")),
                    sessions={(15, 3): (2024, 2024), (15, 4): (2025, 2026)},
                ),
                SubmissionBodyRule(
                    "990199",
                    "区人大",
                    NumberScheme("年份+序号", re.compile("(?P<year>20[0-9]{2})(?P<serial>[0-9]{3})")),
                ),
            ),
            calendar=Calendar(YEARS),
        ),
        **changes,
    )


def registered(**changes: Any) -> Rules:
    """The rules with the invented authority registered otherwise."""
    [authority] = rules().authorities
    return rules(authorities=(replace(authority, **changes),))


def judge(
    raw: RawReply | None = None,
    *,
    by: Rules | None = None,
    today: date = TODAY,
    before: Predecessor | None = None,
    correcting: bool = False,
    decisions: Sequence[Decision] = (),
    first: Predecessor | None = None,
    **changes: Any,
) -> Review:
    """The review of a letter; `changes` are those of the evidence."""
    judged, chosen = evidence(raw, **changes), by or rules()
    return review(judged, draft(judged.raw, chosen), chosen, today, before, correcting, decisions, first)


def decision(verdict: Verdict = Verdict.PUBLISH, *, about: Review | None = None, **changes: Any) -> Decision:
    """A decision of somebody who saw all that stopped the document in that review, with these values changed."""
    found = stops((*about.lifted, *about.findings)) if about else ()
    made = Decision(verdict, "闻溪", "已与原件核对。", "2024-05-21T02:00:00Z", SHA256, tuple(map(mark_of, found)))
    return replace(made, **changes)


def codes(judged: Review) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in judged.findings}
