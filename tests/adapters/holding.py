"""What a reviewer is given about a held document, and what one decides. Place, people and text are invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.gate.decision import Decision, Verdict
from domain.gate.review_sheet import ReviewSheet, SheetFinding

FIELDS = {"title": "对区政协十五届三次会议第153047号提案的答复", "date_of_issue": "2024-04-01", "handling_result": "D"}


def a_sheet(document_id: str, **changes: Any) -> ReviewSheet:
    """The sheet of a letter whose handling result is in no table, with these values changed."""
    made = ReviewSheet(
        document_id=document_id,
        bucket="inbox",
        key="来件/答复.pdf",
        version="v1",
        sha256="a1" * 32,
        pages=2,
        signature="签名有效",
        findings=(SheetFinding("result-unknown", "hold", "办理结果“D”不在表中。", "D is in no table.", 1),),
        seen=("result-unknown|1|D",),
        verdicts=tuple(Verdict),
        two_for=(),
        fields=FIELDS,
        as_read=FIELDS,
        disclosure="主动公开",
        due="2024-04-30",
        days_left=-14,
        as_of="2024-05-20",
    )
    return replace(made, **changes)


def a_decision(reviewer: str = "闻溪", verdict: Verdict = Verdict.PUBLISH, **changes: Any) -> Decision:
    """Somebody's decision about that sheet, with these values changed."""
    made = Decision(verdict, reviewer, "已核对。", "2024-05-20T02:00:00Z", "a1" * 32, ("result-unknown|1|D",))
    return replace(made, **changes)
