"""How the fate of a document is told to the office: a sentence, and a page in Markdown.

The office's screen, Prefect's database and logs are seen by more people than the vault. They carry of what is public
all that is public; of what waits for a person the fields that the person may correct; of what was refused the codes and
what those mean; and of what is not marked for proactive disclosure, or bears a secrecy mark, nothing but digest and
codes. No body text, whatever becomes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from domain.fate import Held, Outcome, Published, Rejected, Unchanged
from domain.gate.evidence import Evidence, SignatureStatus
from domain.gate.finding import Finding, worst
from domain.gate.finding_kinds import Grade
from domain.reading.place import Seen
from domain.reading.raw_reply import RawReply
from domain.reply import DisclosureAttribute, Draft

_CLOSING_CODES = ("disclosure-", "secrecy-", "copy-number")
_OF_THE_FILE = frozenset(
    {
        "file-too-large",
        "too-many-pages",
        "foreign-bytes",
        "page-count-disputed",
        "reading-bounds-exceeded",
        "page-without-text",
        "text-garbled",
    }
)
"""Codes whose details are our own counts and bounds, never words of the letter."""
_OF_THE_REVIEWER = frozenset({"reviewer-sent-back"})
"""Codes whose details a reviewer wrote for the office to read."""
_OF_THE_BODY = frozenset(
    {"attachment-missing", "heading-gap", "markup-residue", "submission-number-mismatch", "words-doubled"}
)
"""Codes whose details are words of the body."""
_WORDS = {Published: "已公开", Unchanged: "未变化", Held: "搁置", Rejected: "退回"}
_GRADES = {Grade.REJECT: "退回", Grade.HOLD: "搁置", Grade.WARN: "提醒"}
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&])")
_SIGNATURES = {
    SignatureStatus.VALID: "签名有效",
    SignatureStatus.UNTRUSTED: "签名完整，但证书不受信任",
    SignatureStatus.INVALID: "签名无效",
    SignatureStatus.MODIFIED: "签名之后被改动过",
    SignatureStatus.UNSIGNED: "没有数字签名",
    SignatureStatus.INDETERMINATE: "签名无法判定",
}
_LONGEST = 300


def fate_name(outcome: Outcome) -> str:
    """Published, Unchanged, Held or Rejected."""
    return type(outcome).__name__


def fate_words(outcome: Outcome) -> str:
    """The same in Chinese."""
    return _WORDS[type(outcome)]


def signature_words(status: SignatureStatus) -> str:
    """The verdict without the names in its detail: a certificate may be a person's."""
    return _SIGNATURES[status]


def findings_of(outcome: Outcome) -> tuple[Finding, ...]:
    """The reasons, or the warnings of one that passed."""
    match outcome:
        case Published(warnings=found) | Held(findings=found) | Rejected(findings=found):
            return found
        case Unchanged():
            return ()


def told(finding: Finding, *, shown: bool) -> Finding:
    """The finding as it may leave the vault before the document is public: never with words of the body.

    `shown`: the letter itself says 主动公开 (`may_be_shown`); else the sentence is the registry's own.
    """
    ours = finding.code in _OF_THE_FILE | _OF_THE_REVIEWER
    kept = ours or (shown and finding.code not in _OF_THE_BODY)
    return Finding(finding.code, finding.grade, finding.details if kept else {}, box=finding.box)


def sentence(outcome: Outcome, *, shown: bool = False) -> str:
    """What became of it, in one plain sentence. `shown` as in `told`."""
    match outcome:
        case Published(reply_id, version):
            return f"已公开：{reply_id} 第{version}版。"
        case Unchanged(reply_id, version):
            return f"与已公开的 {reply_id} 第{version}版完全相同，没有变化。"
        case Held(findings):
            return f"搁置，由人决定。{_first_reason(findings, shown=shown)}"
        case Rejected(findings):
            return f"退回，没有公开。{_first_reason(findings, shown=shown)}"


def may_be_shown(draft: Draft, raw: RawReply, findings: Iterable[Finding]) -> bool:
    """Whether the letter's words may stand on the office's screen: only if the letter itself says 主动公开."""
    disclosure = draft.disclosure
    if disclosure is None or disclosure.attribute is not DisclosureAttribute.PROACTIVE or raw.secrecy_marks:
        return False
    stops = [finding.code for finding in findings if finding.grade is not Grade.WARN]
    return not any(code.startswith(_CLOSING_CODES) for code in stops)


def page(sha256: str, outcome: Outcome, evidence: Evidence, draft: Draft, links: Iterable[tuple[str, str]]) -> str:
    """The whole story of one document. `links` are (words, address)."""
    findings, public = findings_of(outcome), isinstance(outcome, Published | Unchanged)
    lines = [f"# {_WORDS[type(outcome)]}", "", f"- 原件摘要值（SHA-256）：`{sha256}`"]
    shown = public or may_be_shown(draft, evidence.raw, findings)
    if not shown:
        why = "没有读到“主动公开”的标注，这里不显示文件的内容" if evidence.reading else "文件的内容没有能够读取"
        lines += ["", f"{why}；原件在保管库中，由有权限的人查看。"]
    else:
        lines += [f"- 签名：{signature_words(evidence.signature.status)}", f"- 页数：{evidence.pages}"]
        lines += [f"- [{words}]({address})" for words, address in links]
    lines += _reasons(findings if public else tuple(told(finding, shown=shown) for finding in findings))
    if public or (shown and isinstance(outcome, Held)):
        head = ["", "## 读到的内容", "", "| 项目 | 内容 | 页 | 原样 |", "|---|---|---|---|"]
        lines += [*head, *_rows(draft, evidence.raw)]
    return "\n".join(lines) + "\n"


def _first_reason(findings: tuple[Finding, ...], *, shown: bool) -> str:
    grade = worst(findings)
    deciding = [finding for finding in findings if finding.grade is grade]
    # A reason that closes the document goes first, and its own words stay in the vault.
    deciding.sort(key=lambda finding: not finding.code.startswith(_CLOSING_CODES))
    more = f"另有 {len(findings) - 1} 项。" if len(findings) > 1 else ""
    return f"{told(deciding[0], shown=shown).message()}{more}" if deciding else ""


def _rows(draft: Draft, raw: RawReply) -> Iterator[str]:
    """No names of persons: signatory, addressees and contacts are for the manifest, if at all, not for a screen."""
    submission, result, disclosure = draft.submission, draft.handling_result, draft.disclosure
    told = (
        ("标题", draft.title, raw.title),
        ("发文字号", draft.document_number, _first(raw.document_numbers)),
        ("发文机关", draft.issuing_authority, raw.signature_block or raw.masthead),
        ("文种", draft.kind, None),
        ("建议提案号", "、".join(submission.numbers) if submission else None, _first(raw.submission.numbers)),
        ("办理结果", result.normalised or result.raw if result else None, _first(raw.result_marks)),
        ("公开属性", disclosure.raw if disclosure else None, _first(raw.disclosure_marks)),
        ("成文日期", draft.date_of_issue, raw.date_of_issue),
        ("印发日期", draft.date_of_distribution, raw.date_of_distribution),
        ("印发机关", draft.distributing_office, raw.distributing_office),
    )
    for name, value, seen in told:
        cells = (name, str(value) if value else "（未读到）", seen.page if seen else "", seen.raw if seen else "")
        yield "| " + " | ".join(plain(str(cell or "")) for cell in cells) + " |"


def _first(values: tuple[Seen, ...]) -> Seen | None:
    return values[0] if values else None


def _reasons(findings: tuple[Finding, ...]) -> Iterator[str]:
    if findings:
        yield from ("", "## 原因与办法", "")
    yield from (_reason(finding) for finding in findings)


def _reason(finding: Finding) -> str:
    """One item of a list: Prefect's UI does not wrap the cells of a table."""
    quoted = f" 原样：“{plain(finding.raw)}”" if finding.raw else ""
    return f"- **{_GRADES[finding.grade]}** {plain(finding.message())}{quoted} `{finding.code}`"


def plain(text: str) -> str:
    """As text, whatever a stranger's PDF says: no markup, no line break, not endless."""
    flat = " ".join(text.split())
    short = flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"
    return _MARKUP.sub(r"\\\1", short)
