"""What a reviewer answered, in the form or on the command line: a decision, or what is wrong with the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.document_number import DocumentNumber
from domain.gate.decision import Corrections, Decision, Verdict, person
from domain.gate.personal_data import personal_data
from domain.gate.review_sheet import LIST_MARK, ReviewSheet
from domain.reply import ReplyKind

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.PUBLISH: "公开（按原件）",
    Verdict.PUBLISH_MASKED: "遮盖后公开（不公开原件）",
    Verdict.REJECT: "不予公开（原件留库）",
    Verdict.SEND_BACK: "退回重报（请承办单位更正）",
}
"""As the form calls them."""

_LISTS = frozenset({"addressees", "submission_numbers"})
_NUMBERS = frozenset({"submission_term", "submission_session"})
_LONGEST = {"reviewer": 40, "reason": 500}
_PUBLIC_ANYWAY = frozenset({"office-landline", "contact-name"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with an answer."""

    zh: str
    en: str


def read_answer(answer: Mapping[str, object], sheet: ReviewSheet, decided_at: str) -> Decision | tuple[Complaint, ...]:
    """The decision, bound to what the sheet showed; or every complaint about the answer.

    `answer` has the verdict under `decision`, then `reviewer`, `reason` and any of the fields; a field that is not
    there stays as it is on the sheet. `decided_at` in UTC with Z.
    """
    texts = {name: _text(value) for name, value in answer.items()}
    verdict = _verdict(texts.get("decision", ""))
    fields = {**sheet.fields, **{name: text for name, text in texts.items() if name in sheet.fields}}
    changed = {name: text for name, text in fields.items() if text and text != sheet.as_read.get(name, "")}
    complaints = tuple(_complaints(texts, verdict, changed, sheet))
    if complaints or verdict is None:
        return complaints
    return Decision(
        verdict=verdict,
        reviewer=texts["reviewer"],
        reason=texts["reason"],
        decided_at=decided_at,
        original_sha256=sheet.sha256,
        seen=sheet.seen,
        corrections=_corrections(changed) if verdict.publishes else Corrections(),
    )


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return LIST_MARK.join(_text(each) for each in value)
    return "" if value is None else " ".join(str(value).split())


def _verdict(written: str) -> Verdict | None:
    by_words = {words: verdict for verdict, words in VERDICT_WORDS.items()}
    return by_words.get(written) or next((each for each in Verdict if each.value == written), None)


def _complaints(
    texts: Mapping[str, str], verdict: Verdict | None, changed: Mapping[str, str], sheet: ReviewSheet
) -> Iterator[Complaint]:
    if not person(texts.get("reviewer", "")):
        yield Complaint("没有填写审核人姓名。", "The reviewer's name is missing.")
    if not texts.get("reason"):
        yield Complaint("没有填写理由。", "The reason is missing.")
    for name, limit in _LONGEST.items():
        if len(texts.get(name, "")) > limit:
            yield Complaint(
                f"{_NAMES[name][0]}超过 {limit} 字。", f"The {_NAMES[name][1]} is longer than {limit} characters."
            )
    if verdict is None:
        yield Complaint("没有选择决定。", "No decision was chosen.")
    elif verdict not in sheet.verdicts:
        yield _not_open(sheet)
    elif verdict.publishes:
        yield from _wrong_fields(changed)
        if _is_same_person(texts.get("reviewer", ""), sheet):
            yield Complaint(
                "这份文件须由两人决定，您已作过同样的决定；请由另一名审核人填写。",
                "Two persons must decide about this document, and you decided before: another reviewer has to answer.",
            )
    for name in ("reason", *changed):
        found = [each for each in personal_data(texts.get(name, "")) if each.code not in _PUBLIC_ANYWAY]
        if found:
            yield Complaint(
                f"“{_NAMES[name][0]}”里有个人信息（{found[0].masked}），请删去后再填。",
                f"The {_NAMES[name][1]} holds personal data ({found[0].masked}): leave it out.",
            )


def _not_open(sheet: ReviewSheet) -> Complaint:
    if Verdict.PUBLISH_MASKED in sheet.verdicts:
        return Complaint(
            "文件中有个人信息或隐藏内容，不得按原件公开；可以选择“遮盖后公开”。",
            "It holds personal data or hidden content and is never published as it is; a masked rendition may be.",
        )
    return Complaint(
        "审核意见中有任何人都不能放行的一项，不能公开；只能“退回重报”或“不予公开”。",
        "One of the findings is not for anybody to lift: it can only be sent back or kept private.",
    )


def _is_same_person(reviewer: str, sheet: ReviewSheet) -> bool:
    return sheet.lacks_second_person and bool(sheet.decisions) and _is_last(reviewer, sheet)


def _is_last(reviewer: str, sheet: ReviewSheet) -> bool:
    return person(reviewer) == person(sheet.decisions[-1].reviewer)


def _wrong_fields(changed: Mapping[str, str]) -> Iterator[Complaint]:
    if "kind" in changed and changed["kind"] not in list(ReplyKind):
        yield Complaint(f"文种只能是：{'、'.join(ReplyKind)}。", f"The kind must be one of {', '.join(ReplyKind)}.")
    if "document_number" in changed and DocumentNumber.read(changed["document_number"]) is None:
        yield Complaint(
            "发文字号应写作“甲府〔2024〕11号”的样子。", "A document number is written like this: 甲府〔2024〕11号."
        )
    if "date_of_issue" in changed and not _is_day(changed["date_of_issue"]):
        yield Complaint("成文日期应写作“2024-05-17”的样子。", "A date is written like this: 2024-05-17.")
    for name in sorted(_NUMBERS & changed.keys()):
        if not (changed[name].isascii() and changed[name].isdigit() and 0 < int(changed[name]) < 100):
            yield Complaint(
                f"“{_NAMES[name][0]}”应是数字，例如 15。", f"The {_NAMES[name][1]} must be a number, such as 15."
            )


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _corrections(changed: Mapping[str, str]) -> Corrections:
    values: dict[str, object] = dict(changed)
    for name in _LISTS & changed.keys():
        values[name] = tuple(_parts(changed[name]))
    for name in _NUMBERS & changed.keys():
        values[name] = int(changed[name])
    return Corrections(**values)  # type: ignore[arg-type]


def _parts(written: str) -> Sequence[str]:
    parts = (part.strip() for part in written.replace("，", LIST_MARK).replace(",", LIST_MARK).split(LIST_MARK))
    return [part for part in parts if part]


_NAMES: Mapping[str, tuple[str, str]] = {
    "reviewer": ("审核人姓名", "reviewer's name"),
    "reason": ("理由", "reason"),
    "kind": ("文种", "kind"),
    "title": ("标题", "title"),
    "document_number": ("发文字号", "document number"),
    "issuing_authority": ("发文机关", "issuing authority"),
    "addressees": ("主送", "addressee"),
    "date_of_issue": ("成文日期", "date of issue"),
    "submission_body": ("会议", "body"),
    "submission_term": ("届", "term"),
    "submission_session": ("次", "session"),
    "submission_numbers": ("建议提案编号", "submission number"),
    "handling_result": ("办理结果", "handling result"),
}
"""What the form and the command line call the fields."""
FIELD_NAMES = {name: words for name, words in _NAMES.items() if name not in _LONGEST}
