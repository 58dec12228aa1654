"""Whether what decides was recognised with enough confidence, where a page was read from its picture."""

from __future__ import annotations

from collections.abc import Iterator

from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.reading.place import Seen
from domain.reading.recognition import READER


def decisive_fields(case: Case) -> Iterator[Finding]:
    """Every field on which publication or the identity of the letter depends."""
    for name, seen in _fields(case):
        if seen is not None and seen.reader == READER and seen.confidence < case.threshold("reading_confidence"):
            percent = f"{int(seen.confidence * 100)}"
            yield find("ocr-uncertain", seen, field=name, percent=percent)


def _fields(case: Case) -> Iterator[tuple[str, Seen | None]]:
    raw = case.raw
    yield "标题", raw.title
    yield "建议提案的届次", raw.submission.meeting
    yield "成文日期", raw.date_of_issue
    # Either of them names the authority.
    names = [seen for seen in (raw.masthead, raw.signature_block) if seen is not None]
    yield "发文机关", max(names, key=lambda seen: seen.confidence, default=None)
    several = (
        ("发文字号", raw.document_numbers),
        ("建议提案编号", raw.submission.numbers),
        ("主送", raw.addressees),
        ("办理结果", raw.result_marks),
        ("公开属性", raw.disclosure_marks),
        ("密级", raw.secrecy_marks),
    )
    for name, seens in several:
        yield from ((name, seen) for seen in seens)


CHECKS = (decisive_fields,)
