"""One specimen for each finding code that review makes: the valid letter with the one thing changed that earns it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.gate.decision import Verdict
from domain.gate.evidence import FileText, PageReading, PageSource, Place, SignatureProblem, SignatureStatus
from domain.gate.private_handling import Handling
from domain.gate.review import Review
from domain.gate.rules import SignaturePolicy
from domain.gate.topics import Beside, Topic
from domain.reading.page import PageText, TextRun
from domain.reading.paragraph import Role
from domain.reading.raw_reply import RawReply, RawSubmission
from domain.reading.two_models import differences
from tests.domain.factory import (
    PARAGRAPHS,
    decision,
    judge,
    paragraph,
    predecessor,
    raw_reply,
    registered,
    rules,
    seen,
    signature,
    with_text,
)

Specimen = Callable[[], Review]


def _letter(**changes: object) -> Specimen:
    return lambda: judge(raw_reply(**changes))


def _text(text: str, role: Role = Role.BODY) -> Specimen:
    return lambda: judge(with_text(text, role))


def _signed(status: SignatureStatus, **changes: Any) -> Specimen:
    return lambda: judge(signature=signature(status, **changes))


def _submission(meeting: str = "区政协十五届三次会议", number: str = "153047", kind: str = "提案") -> RawSubmission:
    return RawSubmission(seen(meeting), (seen(number),), seen(kind))


def _read_differently(first: str, second: str) -> Specimen:
    edges = tuple(map(float, range(len(first) + 1)))
    run = TextRun(first, edges[:-1], edges[1:], 400.0, 16.0, confidence=0.5, second=second)
    page = PageText(1, 595.0, 842.0, (run,), source=PageSource.OCR, reader="ocr")
    return lambda: judge(findings=tuple(differences((page,))))


def _topic(code: str, word: str, text: str, beside: Beside = Beside.NOTHING) -> Specimen:
    return lambda: judge(with_text(text), by=rules(topics=(Topic(code, (word,), beside),)))


_SUGGESTION = _submission("区十七届人大四次会议", "2024006", "建议")
_OPINION = {"title": seen("关于区政协十五届三次会议第153047号提案的会办意见"), "addressees": (seen("区建设管理委"),)}

SPECIMENS: Mapping[str, Specimen] = {
    "author-named": lambda: judge(texts=(FileText(Place.PERSON, "Author", "闻溪"),)),
    "metadata-text": lambda: judge(texts=(FileText(Place.BOOKMARK, "", "某信访事项处理意见"),)),
    "signature-missing": _signed(SignatureStatus.UNSIGNED),
    "signature-untrusted": _signed(SignatureStatus.UNTRUSTED),
    "signature-invalid": _signed(SignatureStatus.INVALID),
    "signature-modified": _signed(SignatureStatus.MODIFIED),
    "signature-indeterminate": _signed(SignatureStatus.INDETERMINATE),
    "signature-certificate-expired": _signed(SignatureStatus.UNTRUSTED, problem=SignatureProblem.CERTIFICATE_EXPIRED),
    "revocation-list-outdated": _signed(SignatureStatus.UNTRUSTED, problem=SignatureProblem.REVOCATION_UNKNOWN),
    "signature-seal-unsupported": _signed(SignatureStatus.INDETERMINATE, problem=SignatureProblem.SEAL),
    "signature-several": _signed(SignatureStatus.INDETERMINATE, problem=SignatureProblem.SEVERAL),
    "signature-not-required": lambda: judge(
        signature=signature(SignatureStatus.UNSIGNED), by=registered(signature=SignaturePolicy.OPTIONAL)
    ),
    "signer-key-unlisted": lambda: judge(by=registered(signer_keys=frozenset({"6" * 64}))),
    "signer-not-authority": _signed(SignatureStatus.VALID, signer="云溪区松亭镇人民政府"),
    "reading-uncertain": lambda: judge(reading=(PageReading(1, PageSource.OCR, 0.71),)),
    "ocr-uncertain": _letter(disclosure_marks=(replace(seen("主动公开"), reader="ocr", confidence=0.97),)),
    "line-read-differently": _read_differently("工作已经落实", "工作己经落实"),
    "figures-read-differently": _read_differently("共建成10处", "共建成16处"),
    "text-missing": _letter(paragraphs=(PARAGRAPHS[0], *PARAGRAPHS[-3:])),
    "text-short": _letter(paragraphs=(PARAGRAPHS[0], PARAGRAPHS[1], *PARAGRAPHS[-3:])),
    "disclosure-missing": _letter(disclosure_marks=()),
    "disclosure-on-application": _letter(disclosure_marks=(seen("依申请公开"),)),
    "disclosure-withheld": _letter(disclosure_marks=(seen("不予公开"),)),
    "disclosure-contradictory": _letter(disclosure_marks=(seen("主动公开"), seen("依申请公开", page=2))),
    "disclosure-unknown": _letter(disclosure_marks=(seen("择机公开"),)),
    "disclosure-extent": _letter(disclosure_marks=(seen("主动公开·摘要"),)),
    "secrecy-mark": _letter(secrecy_marks=(seen("秘密★1年"),)),
    "copy-number": _letter(copy_number=seen("000123")),
    "title-missing": _letter(title=None, submission=RawSubmission()),
    "kind-unknown": _letter(title=seen("关于区政协十五届三次会议第153047号提案的情况")),
    "addressee-missing": _letter(addressees=()),
    "authority-missing": _letter(masthead=None, signature_block=None),
    "authority-mismatch": _letter(signature_block=seen("云溪区松亭镇人民政府")),
    "joint-issuers": _letter(signature_block=seen("云溪区教育局 云溪区财政局 云溪区交通局"), masthead=None),
    "authority-unregistered": _letter(masthead=seen("云溪区水务局文件"), signature_block=seen("云溪区水务局")),
    "submission-missing": _letter(submission=RawSubmission(seen("区政协会议"))),
    "document-number-missing": _letter(document_numbers=()),
    "document-number-damaged": _letter(document_numbers=(seen("柳府〔202411"),)),
    "document-number-several": _letter(document_numbers=(seen("柳府〔2024〕11号"), seen("柳府〔2024〕12号"))),
    "document-number-year": _letter(document_numbers=(seen("柳府〔2022〕11号"),)),
    "document-number-style": _letter(document_numbers=(seen("柳府[2024]第011号"),)),
    "issuer-code-mismatch": _letter(document_numbers=(seen("松府〔2024〕11号"),)),
    "number-scheme-mismatch": _letter(submission=_submission(number="144047")),
    "submission-year": _letter(submission=replace(_SUGGESTION, numbers=(seen("2022006"),))),
    "session-year-mismatch": _letter(submission=_submission("区政协十五届四次会议", "154047")),
    "submission-number-mismatch": _letter(submission=_submission(number="153048")),
    "submission-kind-mismatch": _letter(submission=_submission(kind="建议")),
    "received-kind-mismatch": _letter(
        paragraphs=(PARAGRAPHS[0], paragraph(Role.BODY, "您提出的关于步道照明的建议收悉。"), *PARAGRAPHS[2:])
    ),
    "distributing-office-mismatch": _letter(distributing_office=seen("松亭县党政办公室", page=2)),
    "addressee-kind-mismatch": _letter(addressees=(seen("沈岚汀代表"),)),
    "kind-addressee-mismatch": _letter(addressees=(seen("区建设管理局"),)),
    "addressee-unclear": _letter(addressees=(seen("沈岚汀宋知远委员"),)),
    "addressee-count": _letter(addressees=(seen("沈岚汀、宋知远、何云舒等2位委员"),)),
    "joint-handling-opinion": _letter(**_OPINION),
    "further-reply-without-first": _letter(title=seen("对区政协十五届三次会议第153047号提案的再次答复")),
    "result-unknown": _letter(result_marks=(seen("D"),)),
    "result-contradictory": _letter(result_marks=(seen("解决采纳"), seen("计划解决"))),
    "result-missing": _letter(result_marks=()),
    "date-missing": _letter(date_of_issue=None),
    "date-damaged": _letter(date_of_issue=seen("2024517")),
    "date-impossible": _letter(date_of_issue=seen("2024年13月40日")),
    "date-in-future": _letter(date_of_issue=seen("2024年5月22日"), date_of_distribution=None),
    "date-after-distribution": _letter(date_of_distribution=seen("2024年5月16日")),
    "date-style": _letter(date_of_issue=seen("2024年05月17日")),
    "date-not-working-day": _letter(date_of_issue=seen("2024年5月12日")),
    "publication-overdue": lambda: judge(today=date(2024, 6, 18)),
    "publication-due-soon": lambda: judge(today=date(2024, 6, 12)),
    "calendar-year-missing": lambda: judge(
        raw_reply(
            date_of_issue=seen("2025年12月10日"),
            date_of_distribution=None,
            document_numbers=(seen("柳府〔2025〕90号"),),
        ),
        today=date(2025, 12, 11),
    ),
    "end-marks-missing": _letter(
        signature_block=None, date_of_issue=None, date_of_distribution=None, distributing_office=None
    ),
    "heading-gap": _text("四、其他事项", Role.HEADING1),
    "last-sentence-open": _letter(
        paragraphs=(*PARAGRAPHS[:6], paragraph(Role.BODY, "其余路段的灯具将在明年继续更", 2), *PARAGRAPHS[7:])
    ),
    "attachment-missing": _letter(attachments=(seen("步道照明改造计划表"),)),
    "personal-data-resident-id": _text("身份证明登记为110105194912310021，请核对。"),
    "personal-data-mobile": _text("详情可拨打13800001234咨询。"),
    "personal-data-bank-card": _text("补助已汇入银行卡6222020000000000000。"),
    "personal-data-passport": _text("当事人护照号码E12345678。"),
    "personal-data-home-address": _text("来信人家住杏花新村3号楼。"),
    "personal-data-deputy-contact": _text("委员联系电话：021-55550000。"),
    "personal-data-email": _text("请发送至liuqiao@example.com。"),
    "personal-data-account": _text("可添加微信：liuqiao_2024联系。"),
    "personal-data-plate": _text("车辆沪A12345已停放在出入口。"),
    "text-thin": lambda: judge(pages=9),
    "joint-text-closed": _text("区财政局的会办意见不予公开，仅供参考。"),
    "topic-minor": _topic("topic-minor", "男童", "事发时一名男童在场。"),
    "topic-patient": _topic("topic-patient", "病历号", "其病历号已登记。"),
    "topic-complainant": _topic("topic-complainant", "投诉人", "经联系投诉人王某，其表示满意。", Beside.NAME),
    "topic-company-amount": _topic(
        "topic-company-amount", "有限公司", "云溪照明有限公司已垫付12.6万元。", Beside.AMOUNT
    ),
    "topic-ongoing-case": _topic("topic-ongoing-case", "正在审理", "该案正在审理，尚无结论。"),
    "topic-ethnic-religious-foreign": _topic("topic-ethnic-religious-foreign", "宗教场所", "该路段临近宗教场所。"),
    "contact-name": lambda: judge(
        with_text("联系人：顾闻溪，联系电话：021-55550000。"), by=rules(private={"contact-name": Handling.STRIP})
    ),
    "office-landline": _text("联系电话：021-55550000。"),
    "duplicate-identity": lambda: judge(before=predecessor()),
    "withdrawn-before": lambda: judge(before=predecessor(state="withdrawn")),
    "correction-without-original": lambda: judge(correcting=True),
    "reviewer-withheld": lambda: judge(decisions=(decision(Verdict.REJECT),)),
    "reviewer-sent-back": lambda: judge(decisions=(decision(Verdict.SEND_BACK),)),
    "salutation-colon": _letter(paragraphs=(paragraph(Role.SALUTATION, "沈岚汀委员:"), *PARAGRAPHS[1:])),
    "words-doubled": _text("关于关于照明的事项已经办结。"),
    "markup-residue": _text("<!--EndFragment-->照明的事项已经办结。"),
    "empty-page-note": _text("（此页无正文）"),
}


def valid_letter() -> RawReply:
    """The letter that earns no code at all."""
    return raw_reply()
