"""The JSON of `fuwen read --json` is what the design promises."""

from __future__ import annotations

import json
from typing import Any

from domain.gate.evidence import SignatureStatus
from domain.gate.finding import find
from domain.gate.review import draft, review
from domain.reading.raw_reply import RawReply
from domain.record import read_record, reply_fields
from tests.domain.factory import TODAY, evidence, judge, raw_reply, rules, seen, signature

_ON_APPLICATION = {
    "code": "disclosure-on-application",
    "grade": "reject",
    "message": "第1页：公开属性是依申请公开（“依申请公开”），不得主动公开。本件不会公开；如系误投，请撤出。",
    "page": 1,
}


def _record(raw: RawReply | None = None, language: str = "zh-CN", **changes: Any) -> dict[str, Any]:
    judged = evidence(raw, **changes)
    drafted = draft(judged.raw, rules())
    record = read_record("a.pdf", judged, drafted, review(judged, drafted, rules(), TODAY), language)
    read_back: dict[str, Any] = json.loads(json.dumps(record, ensure_ascii=False))
    return read_back


def test_record_of_a_valid_letter() -> None:
    """Every key of the design, with its value."""
    record = _record()
    paragraphs = record["reply"].pop("paragraphs")
    assert paragraphs[0] == {"role": "salutation", "text": "沈岚汀委员：", "page": 1}
    places = {place["field"]: place for place in record.pop("evidence")}
    assert places["handling_result"]["raw"] == "解 决 采 纳"
    assert set(places["disclosure"]) == {"field", "page", "box", "raw", "reader", "confidence"}
    assert record == {
        "file": "a.pdf",
        "sha256": "a1" * 32,
        "pages": 2,
        "fate": "publish",
        "findings": [],
        "reply": {
            "kind": "答复",
            "title": "对区政协十五届三次会议第153047号提案的答复",
            "document_number": "柳府〔2024〕11号",
            "issuing_authority": "云溪区柳桥镇人民政府",
            "signatory": "顾闻溪",
            "addressees": ["沈岚汀委员"],
            "date_of_issue": "2024-05-17",
            "date_of_distribution": "2024-05-17",
            "distributing_office": "柳桥镇党政办公室",
            "copied_to": [],
            "submission": {"kind": "提案", "body": "区政协", "term": 15, "session": 3, "numbers": ["153047"]},
            "handling_result": {"raw": "解 决 采 纳", "normalised": "解决采纳", "scheme": "通用用语"},
            "disclosure": {"raw": "主动公开·全文", "attribute": "主动公开", "extent": "全文"},
        },
        "signature": {
            "status": "valid",
            "detail": "证书由测试签发机构签发。",
            "signers": ["云溪区柳桥镇人民政府"],
            "signatures": [
                {
                    "signer": "云溪区柳桥镇人民政府",
                    "status": "valid",
                    "detail": "证书由测试签发机构签发。",
                    "signed_at": "2024-05-17T08:00:00Z",
                    "timestamped": False,
                    "key_sha256": "55" * 32,
                }
            ],
        },
        "reading": {
            "pages": [
                {"page": 1, "source": "text", "confidence": 1.0},
                {"page": 2, "source": "text", "confidence": 1.0},
            ]
        },
    }


def test_finding_names_code_grade_sentence_page_and_place() -> None:
    """A program has the code, a person the sentence, and both find the place."""
    finding = _record(raw_reply(disclosure_marks=(seen("依申请公开"),)))["findings"][0]
    assert finding == _ON_APPLICATION | {"raw": "依申请公开", "box": [90, 700, 400, 716]}


def test_sentence_is_in_the_language_that_is_asked_for() -> None:
    """English for who asks for it."""
    finding = _record(raw_reply(disclosure_marks=()), language="en")["findings"][0]
    assert finding["message"].startswith("No disclosure mark was found")


def test_nothing_read_is_null_or_empty_never_guessed() -> None:
    """A file that is no PDF has every field of the reply, and says nothing in any."""
    record = _record(
        RawReply(),
        pages=0,
        reading=(),
        findings=(find("empty-file"),),
        signature=signature(SignatureStatus.INDETERMINATE),
    )
    assert record["fate"] == "reject"
    assert set(map(str, record["reply"].values())) == {"None", "[]"}


def test_draft_and_reply_have_the_same_fields() -> None:
    """What was read and what is published are written alike."""
    reply = judge().reply
    assert reply is not None
    assert reply_fields(reply) == reply_fields(draft(raw_reply(), rules()))
